package dev.orderflow.order.placement;

import dev.orderflow.contracts.value.ChargeCurrency;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.order.domain.Order;
import java.math.BigDecimal;
import java.util.List;
import java.util.SortedSet;

/// What became of a request for an order.
public sealed interface PlaceOrderResult {

    /// The order is stored and will be fulfilled.
    record Accepted(Order order) implements PlaceOrderResult {}

    /// The shop does not sell some of it.
    record UnknownArticles(List<Sku> unknown) implements PlaceOrderResult {}

    /// Some of it is in more than one line.
    record DuplicateArticles(List<Sku> repeated) implements PlaceOrderResult {}

    /// The articles have no currency in common, so they have no total.
    record MixedCurrencies(SortedSet<String> currencies) implements PlaceOrderResult {}

    /// All of it together costs less or more than the payment gateway charges at once.
    ///
    /// @param total in the currency of the limits
    record TotalNotChargeable(BigDecimal total, ChargeCurrency limits)
            implements PlaceOrderResult {}
}
