package dev.orderflow.order.cancellation;

import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.order.domain.Lifecycle;
import dev.orderflow.order.domain.Occurrence;
import dev.orderflow.order.domain.Occurrence.Effect;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.Reply;
import dev.orderflow.order.domain.State;
import dev.orderflow.order.domain.Wish;
import dev.orderflow.order.outbox.Outbox;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// A customer changes their mind.
@Component
public class Cancellation {

    /// What became of the wish to cancel.
    public sealed interface Answer {

        /// Nothing will be dispatched; the order is or will be cancelled.
        record Accepted(State now) implements Answer {}

        /// The parcel may be on its way, or the order has ended otherwise.
        record TooLate(State now) implements Answer {}

        /// This customer has no such order.
        record UnknownOrder() implements Answer {}
    }

    private final Orders orders;
    private final Outbox outbox;
    private final Clock clock;

    Cancellation(Orders orders, Outbox outbox, Clock clock) {
        this.orders = orders;
        this.outbox = outbox;
        this.clock = clock;
    }

    /// Asks to cancel an order. Asking again changes nothing.
    @Transactional
    public Answer ask(UUID orderId, CustomerRef customer, @Nullable String traceparent) {
        while (true) {
            var standing = orders.standing(orderId);
            if (standing.isEmpty() || !standing.get().customer().equals(customer)) {
                return new Answer.UnknownOrder();
            }
            var state = standing.get().state();
            switch (Lifecycle.on(state, Wish.CANCEL)) {
                case Reply.Granted(var to) -> {
                    // Another may be faster. An order moves three times at most, so this ends.
                    if (orders.move(orderId, state, to)) {
                        tell(orderId, customer, to, traceparent);
                        return new Answer.Accepted(to);
                    }
                }
                case Reply.GrantedBefore _ -> {
                    return new Answer.Accepted(state);
                }
                case Reply.Refused _ -> {
                    return new Answer.TooLate(state);
                }
            }
        }
    }

    private void tell(
            UUID orderId, CustomerRef customer, State state, @Nullable String traceparent) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        orders.note(
                orderId,
                new Occurrence(
                        now, "CancellationRequested", Effect.MOVED, state, Optional.empty()));
        outbox.add(
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
