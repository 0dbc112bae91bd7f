package dev.orderflow.order.domain;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.contracts.value.Sku;

/// So many of one article, at the name and price it had when it was ordered.
public record OrderLine(Sku sku, String name, int quantity, Money unitPrice) {

    public OrderLine {
        Quantity.requireOrdered(quantity);
    }

    /// What the line costs.
    public Money price() {
        return unitPrice.times(quantity);
    }
}
