package dev.orderflow.inventory.stock;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.domain.ReservationLines;
import dev.orderflow.inventory.domain.StockMovement;
import java.util.Map;
import java.util.UUID;

/// Changes stock. Every method takes part in the caller's transaction, which keeps the changed rows
/// locked until its end.
public interface StockRepository {

    /// Locks articles sorted by SKU, so that orders which share articles cannot deadlock.
    ///
    /// @return the stock of each article; an article that was never received is missing
    Map<Sku, StockLevel> lock(ReservationLines lines);

    /// Moves the stock of all lines and inserts a ledger entry for each. The articles must be
    /// locked.
    ///
    /// @throws IllegalStateException when the stock of a line is insufficient; the caller's
    ///     transaction must not commit
    void move(StockMovement movement, UUID orderId, ReservationLines lines);

    /// Receives goods, also the first of an article.
    ///
    /// @param reference the reason, for the ledger
    StockLevel receive(Sku sku, int quantity, String reference);
}
