package dev.orderflow.order.placement;

import dev.orderflow.contracts.value.ChargeCurrency;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.defaults.idempotency.ConditionalInsert;
import dev.orderflow.order.domain.Order;
import java.math.BigDecimal;
import java.util.List;
import java.util.SortedSet;

/// The result of placing an order.
public sealed interface PlaceOrderResult {

    /// The order can be accepted. When all inserts are committed in one transaction, it is stored
    /// and its workflow will be started.
    record OrderPrepared(Order order, List<ConditionalInsert> inserts)
            implements PlaceOrderResult {}

    /// Some SKUs are not in the catalogue.
    record UnknownArticles(List<Sku> unknown) implements PlaceOrderResult {}

    /// Some SKUs are in more than one line.
    record DuplicateArticles(List<Sku> repeated) implements PlaceOrderResult {}

    /// The articles have different currencies.
    record MixedCurrencies(SortedSet<String> currencies) implements PlaceOrderResult {}

    /// The total is below or above what the payment gateway charges in one payment.
    ///
    /// @param total the sum of the lines, in the currency of the limits
    record TotalNotChargeable(BigDecimal total, ChargeCurrency limits)
            implements PlaceOrderResult {}
}
