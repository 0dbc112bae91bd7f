package dev.orderflow.order.placement;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.Total;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderState;
import org.jspecify.annotations.Nullable;

/// Says in the published language that an order was placed: what was ordered and for how much, and
/// nothing of who and where.
public final class OrderCreatedFactory {

    private OrderCreatedFactory() {}

    /// The event of an order, the same whenever it is made: published again, consumers
    /// recognise it.
    ///
    /// @param traceparent of the request that placed it, when it is known
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
