package dev.orderflow.inventory.domain;

/// So many of one article.
///
/// @param quantity 1 to [#MOST]
public record Line(Sku sku, int quantity) {

    /// More than any shelf has; keeps sums far away from overflowing.
    public static final int MOST = 1_000_000;

    public Line {
        if (quantity < 1 || quantity > MOST) {
            throw new IllegalArgumentException(
                    "quantity must be 1 to " + MOST + " but was " + quantity);
        }
    }
}
