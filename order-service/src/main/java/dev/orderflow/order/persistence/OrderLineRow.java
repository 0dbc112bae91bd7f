package dev.orderflow.order.persistence;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.order.domain.OrderLine;
import jakarta.persistence.Embeddable;
import java.math.BigDecimal;
import java.util.Currency;

/// A row of `order_line`. The currency is the order's.
@Embeddable
record OrderLineRow(String sku, String name, int quantity, BigDecimal unitPrice) {

    OrderLine toLine(Currency currency) {
        return new OrderLine(new Sku(sku), name, quantity, new Money(unitPrice, currency));
    }
}
