package dev.orderflow.order.domain;

/// So many of one article, at the name and price it had when it was ordered.
public record Line(Sku sku, String name, int quantity, Money unitPrice) {

    /// The most of one article in one order.
    public static final int MOST = 1000;

    public Line {
        if (quantity < 1 || quantity > MOST) {
            throw new IllegalArgumentException(
                    "quantity must be 1 to %d but was %d".formatted(MOST, quantity));
        }
    }

    /// What the line costs.
    public Money price() {
        return unitPrice.times(quantity);
    }
}
