package dev.orderflow.inventory.domain;

import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.contracts.value.Sku;

/// A quantity of one article.
///
/// @param quantity 1 to [#MAX_QUANTITY]
public record ReservationLine(Sku sku, int quantity) {

    /// The largest quantity of a line, far above any stock, so that sums cannot overflow.
    public static final int MAX_QUANTITY = 1_000_000;

    public ReservationLine {
        Quantity.requireWithin(quantity, MAX_QUANTITY);
    }
}
