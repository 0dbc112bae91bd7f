package dev.orderflow.order.cancellation;

import dev.orderflow.order.domain.Lifecycle;
import dev.orderflow.order.domain.Occurrence;
import dev.orderflow.order.domain.Occurrence.Effect;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.Reply;
import dev.orderflow.order.domain.State;
import dev.orderflow.order.domain.Wish;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Shipping asks here before it books a carrier.
@Component
public class DispatchPermits {

    /// What became of the wish to dispatch.
    public sealed interface Answer {

        /// The parcel may go, and can no longer be cancelled.
        record Permitted(Order order) implements Answer {}

        /// The customer was faster, or the order has ended.
        record Denied(State now) implements Answer {}

        /// There is no such order.
        record UnknownOrder() implements Answer {}
    }

    private final Orders orders;
    private final Clock clock;

    DispatchPermits(Orders orders, Clock clock) {
        this.orders = orders;
        this.clock = clock;
    }

    /// Asks for the permit. Asking again gives the same one, until the order has ended.
    @Transactional
    public Answer ask(UUID orderId) {
        while (true) {
            var standing = orders.standing(orderId);
            if (standing.isEmpty()) {
                return new Answer.UnknownOrder();
            }
            var state = standing.get().state();
            switch (Lifecycle.on(state, Wish.DISPATCH)) {
                case Reply.Granted(var to) -> {
                    // Another may be faster. An order moves three times at most, so this ends.
                    if (orders.move(orderId, state, to)) {
                        orders.note(
                                orderId,
                                new Occurrence(
                                        clock.instant(),
                                        "DispatchPermitted",
                                        Effect.MOVED,
                                        to,
                                        Optional.empty()));
                        return new Answer.Permitted(orders.find(orderId).orElseThrow());
                    }
                }
                case Reply.GrantedBefore _ -> {
                    return new Answer.Permitted(orders.find(orderId).orElseThrow());
                }
                case Reply.Refused _ -> {
                    return new Answer.Denied(state);
                }
            }
        }
    }
}
