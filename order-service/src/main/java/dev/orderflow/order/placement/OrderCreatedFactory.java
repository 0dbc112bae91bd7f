package dev.orderflow.order.placement;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.Total;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderState;
import org.jspecify.annotations.Nullable;

/// Creates the `OrderCreated` event of an order. It contains the articles and the total, and no
/// personal data.
public final class OrderCreatedFactory {

    private OrderCreatedFactory() {}

    /// Creates the event. Its id depends on the order alone, so consumers recognise an event that
    /// is published again.
    ///
    /// @param traceparent the W3C trace parent of the request that placed the order, if known
    public static OrderCreated create(Order order, @Nullable String traceparent) {
        return new OrderCreated(
                OrderEvent.idOf(order.id(), OrderCreated.class),
                1,
                order.placedAt(),
                order.id(),
                new OrderState.Pending().version(),
                order.customer().value(),
                order.lines().stream()
                        .map(line -> new EventLine(line.sku().value(), line.quantity()))
                        .toList(),
                Total.of(order.total()),
                traceparent);
    }
}
