package dev.orderflow.order.cancellation;

import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
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

/// Grants the dispatch permit that shipping needs before it books a carrier.
@Component
public class DispatchPermitService {

    /// The result of a request for the dispatch permit.
    public sealed interface DispatchPermitResult {

        /// The parcel may be dispatched; the order can no longer be cancelled.
        record DispatchPermitted(Order order) implements DispatchPermitResult {}

        /// The customer cancelled first, or the order is final.
        record DispatchDenied(OrderState state) implements DispatchPermitResult {}

        /// There is no order with this id.
        record UnknownOrder() implements DispatchPermitResult {}
    }

    private final Orders orders;
    private final Clock clock;
    private final OrderIncidents incidents;

    DispatchPermitService(Orders orders, Clock clock, OrderIncidents incidents) {
        this.incidents = incidents;
        this.orders = orders;
        this.clock = clock;
    }

    /// Requests the permit. Repeating it returns the same permit until the order is final.
    @Transactional
    public DispatchPermitResult requestPermit(UUID orderId) {
        while (true) {
            var current = orders.findState(orderId);
            if (current.isEmpty()) {
                return new DispatchPermitResult.UnknownOrder();
            }
            var state = current.get().state();
            switch (OrderStateMachine.apply(state, OrderCommand.DISPATCH)) {
                case CommandResult.CommandGranted(var to) -> {
                    // A concurrent transition makes this fail. The number of transitions is
                    // bounded (OrderStateMachine.MAX_TRANSITIONS), so the loop ends.
                    if (orders.move(orderId, state, to)) {
                        orders.appendToTimeline(
                                orderId,
                                new TimelineEntry(
                                        clock.instant(),
                                        "DispatchPermitted",
                                        TimelineEffect.MOVED,
                                        to,
                                        Optional.empty()));
                        return new DispatchPermitResult.DispatchPermitted(
                                orders.find(orderId).orElseThrow());
                    }
                }
                case CommandResult.CommandAlreadyGranted _ -> {
                    incidents.record(
                            orderId,
                            OrderIncidentType.REQUEST_REPEATED,
                            "dispatch permit",
                            "The dispatch permit was requested again and is the same.");
                    return new DispatchPermitResult.DispatchPermitted(
                            orders.find(orderId).orElseThrow());
                }
                case CommandResult.CommandRefused _ -> {
                    return new DispatchPermitResult.DispatchDenied(state);
                }
            }
        }
    }
}
