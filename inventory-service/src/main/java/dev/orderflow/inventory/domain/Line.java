package dev.orderflow.inventory.domain;

import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.contracts.value.Sku;

/// So many of one article.
///
/// @param quantity 1 to [#MOST]
public record Line(Sku sku, int quantity) {

    /// More than any shelf has; keeps sums far away from overflowing.
    public static final int MOST = 1_000_000;

    public Line {
        Quantity.requireWithin(quantity, MOST);
    }
}
