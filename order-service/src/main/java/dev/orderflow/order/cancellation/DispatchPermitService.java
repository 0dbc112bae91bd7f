package dev.orderflow.order.cancellation;

import dev.orderflow.order.domain.CommandResult;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderCommand;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.OrderStateMachine;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.TimelineEntry;
import dev.orderflow.order.domain.TimelineEntry.TimelineEffect;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Shipping asks here before it books a carrier.
@Component
public class DispatchPermitService {

    /// What became of the wish to dispatch.
    public sealed interface DispatchPermitResult {

        /// The parcel may go, and can no longer be cancelled.
        record Permitted(Order order) implements DispatchPermitResult {}

        /// The customer was faster, or the order has ended.
        record Denied(OrderState now) implements DispatchPermitResult {}

        /// There is no such order.
        record UnknownOrder() implements DispatchPermitResult {}
    }

    private final Orders orders;
    private final Clock clock;

    DispatchPermitService(Orders orders, Clock clock) {
        this.orders = orders;
        this.clock = clock;
    }

    /// Asks for the permit. Asking again gives the same one, until the order has ended.
    @Transactional
    public DispatchPermitResult requestPermit(UUID orderId) {
        while (true) {
            var standing = orders.findStatus(orderId);
            if (standing.isEmpty()) {
                return new DispatchPermitResult.UnknownOrder();
            }
            var state = standing.get().state();
            switch (OrderStateMachine.apply(state, OrderCommand.DISPATCH)) {
                case CommandResult.Granted(var to) -> {
                    // Another may be faster. An order moves three times at most, so this ends.
                    if (orders.move(orderId, state, to)) {
                        orders.appendToTimeline(
                                orderId,
                                new TimelineEntry(
                                        clock.instant(),
                                        "DispatchPermitted",
                                        TimelineEffect.MOVED,
                                        to,
                                        Optional.empty()));
                        return new DispatchPermitResult.Permitted(
                                orders.find(orderId).orElseThrow());
                    }
                }
                case CommandResult.AlreadyGranted _ -> {
                    return new DispatchPermitResult.Permitted(orders.find(orderId).orElseThrow());
                }
                case CommandResult.Refused _ -> {
                    return new DispatchPermitResult.Denied(state);
                }
            }
        }
    }
}
