package dev.orderflow.order.domain;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.contracts.value.Sku;

/// A quantity of one article, with the article's name and price at the time of the order.
public record OrderLine(Sku sku, String name, int quantity, Money unitPrice) {

    public OrderLine {
        Quantity.requireOrdered(quantity);
    }

    /// The price of the line: unit price times quantity.
    public Money linePrice() {
        return unitPrice.times(quantity);
    }
}
