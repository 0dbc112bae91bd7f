package dev.orderflow.inventory.domain;

import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.contracts.value.Sku;

/// So many of one article.
///
/// @param quantity 1 to [#MAX_QUANTITY]
public record ReservationLine(Sku sku, int quantity) {

    /// More than any shelf has; keeps sums far away from overflowing.
    public static final int MAX_QUANTITY = 1_000_000;

    public ReservationLine {
        Quantity.requireWithin(quantity, MAX_QUANTITY);
    }
}
