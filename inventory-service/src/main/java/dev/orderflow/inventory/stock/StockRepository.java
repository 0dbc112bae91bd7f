package dev.orderflow.inventory.stock;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.domain.ReservationLines;
import dev.orderflow.inventory.domain.StockMovement;
import java.util.Map;
import java.util.UUID;

/// Where stock changes. Every method is called in a transaction and holds what it touches until
/// its end.
public interface StockRepository {

    /// Takes hold of the articles, in the order of their skus, so that two orders which share
    /// articles never wait for each other in a circle.
    ///
    /// @return how much there is of each; an article nobody ever received is missing
    Map<Sku, StockLevel> lock(ReservationLines lines);

    /// Moves all lines and books each movement. The articles must be locked.
    ///
    /// @throws IllegalStateException when a line is not there; the caller's transaction must
    ///     not commit
    void move(StockMovement movement, UUID orderId, ReservationLines lines);

    /// Puts goods on hand, the first of an article too.
    StockLevel receive(Sku sku, int quantity, String reference);
}
