package dev.orderflow.order.catalogue;

import dev.orderflow.order.domain.Money;
import dev.orderflow.order.domain.Sku;
import java.math.BigDecimal;

/// Something the shop sells.
///
/// @param price of one, below 10 million, so that no order's total goes beyond what its events hold
public record Article(Sku sku, String name, Money price) {

    private static final BigDecimal TOO_MUCH = BigDecimal.valueOf(10_000_000);

    public Article {
        if (price.amount().compareTo(TOO_MUCH) >= 0) {
            throw new IllegalArgumentException("price must be below 10 million but was " + price);
        }
    }
}
