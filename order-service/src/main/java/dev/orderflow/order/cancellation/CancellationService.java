package dev.orderflow.order.cancellation;

import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.order.domain.CommandResult;
import dev.orderflow.order.domain.OrderCommand;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.OrderStateMachine;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.TimelineEntry;
import dev.orderflow.order.domain.TimelineEntry.TimelineEffect;
import dev.orderflow.order.outbox.OrderEventPublisher;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// A customer changes their mind.
@Component
public class CancellationService {

    /// What became of the wish to cancel.
    public sealed interface CancelOrderResult {

        /// Nothing will be dispatched; the order is or will be cancelled.
        record Accepted(OrderState now) implements CancelOrderResult {}

        /// The parcel may be on its way, or the order has ended otherwise.
        record TooLate(OrderState now) implements CancelOrderResult {}

        /// This customer has no such order.
        record UnknownOrder() implements CancelOrderResult {}
    }

    private final Orders orders;
    private final OrderEventPublisher outbox;
    private final Clock clock;

    CancellationService(Orders orders, OrderEventPublisher outbox, Clock clock) {
        this.orders = orders;
        this.outbox = outbox;
        this.clock = clock;
    }

    /// Asks to cancel an order. Asking again changes nothing.
    @Transactional
    public CancelOrderResult cancel(
            UUID orderId, CustomerRef customer, @Nullable String traceparent) {
        while (true) {
            var standing = orders.findStatus(orderId);
            if (standing.isEmpty() || !standing.get().customer().equals(customer)) {
                return new CancelOrderResult.UnknownOrder();
            }
            var state = standing.get().state();
            switch (OrderStateMachine.apply(state, OrderCommand.CANCEL)) {
                case CommandResult.Granted(var to) -> {
                    // Another may be faster. An order moves three times at most, so this ends.
                    if (orders.move(orderId, state, to)) {
                        publish(orderId, customer, to, traceparent);
                        return new CancelOrderResult.Accepted(to);
                    }
                }
                case CommandResult.AlreadyGranted _ -> {
                    return new CancelOrderResult.Accepted(state);
                }
                case CommandResult.Refused _ -> {
                    return new CancelOrderResult.TooLate(state);
                }
            }
        }
    }

    private void publish(
            UUID orderId, CustomerRef customer, OrderState state, @Nullable String traceparent) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        orders.appendToTimeline(
                orderId,
                new TimelineEntry(
                        now,
                        "CancellationRequested",
                        TimelineEffect.MOVED,
                        state,
                        Optional.empty()));
        outbox.publish(
                new OrderCancellationRequested(
                        OrderEvent.idOf(orderId, OrderCancellationRequested.class),
                        1,
                        now,
                        orderId,
                        state.version(),
                        customer.value(),
                        traceparent));
    }
}
