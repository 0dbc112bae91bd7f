package dev.orderflow.order.persistence;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.order.domain.Line;
import jakarta.persistence.Embeddable;
import java.math.BigDecimal;
import java.util.Currency;

/// A row of `order_line`. The currency is the order's.
@Embeddable
record LineRow(String sku, String name, int quantity, BigDecimal amount) {

    static LineRow of(Line line) {
        return new LineRow(
                line.sku().value(), line.name(), line.quantity(), line.unitPrice().amount());
    }

    Line toLine(Currency currency) {
        return new Line(new Sku(sku), name, quantity, new Money(amount, currency));
    }
}
