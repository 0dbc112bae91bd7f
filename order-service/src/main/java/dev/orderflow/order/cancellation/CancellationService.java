package dev.orderflow.order.cancellation;

import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
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

/// Cancels orders.
@Component
public class CancellationService {

    /// The result of cancelling an order.
    public sealed interface CancelOrderResult {

        /// Nothing will be dispatched; the workflow cancels the order or has cancelled it.
        ///
        /// @param repeated whether the order had been cancelled before, so that nothing changed
        record CancellationAccepted(OrderState state, boolean repeated)
                implements CancelOrderResult {}

        /// Shipping has the dispatch permit, or the order is final in another state.
        record TooLateToCancel(OrderState state) implements CancelOrderResult {}

        /// The customer has no order with this id.
        record UnknownOrder() implements CancelOrderResult {}
    }

    private final Orders orders;
    private final OrderEventPublisher outbox;
    private final Clock clock;
    private final OrderIncidents incidents;

    CancellationService(
            Orders orders, OrderEventPublisher outbox, Clock clock, OrderIncidents incidents) {
        this.incidents = incidents;
        this.orders = orders;
        this.outbox = outbox;
        this.clock = clock;
    }

    /// Requests the cancellation of an order. Repeating it changes nothing.
    @Transactional
    public CancelOrderResult cancel(
            UUID orderId, CustomerRef customer, @Nullable String traceparent) {
        while (true) {
            var current = orders.findState(orderId);
            if (current.isEmpty() || !current.get().customer().equals(customer)) {
                return new CancelOrderResult.UnknownOrder();
            }
            var state = current.get().state();
            switch (OrderStateMachine.apply(state, OrderCommand.CANCEL)) {
                case CommandResult.CommandGranted(var to) -> {
                    // A concurrent transition makes this fail. The number of transitions is
                    // bounded (OrderStateMachine.MAX_TRANSITIONS), so the loop ends.
                    if (orders.move(orderId, state, to)) {
                        publish(orderId, customer, to, traceparent);
                        return new CancelOrderResult.CancellationAccepted(to, false);
                    }
                }
                case CommandResult.CommandAlreadyGranted _ -> {
                    incidents.record(
                            orderId,
                            OrderIncidentType.REQUEST_REPEATED,
                            "cancellation",
                            "The cancellation was requested again and changed nothing.");
                    return new CancelOrderResult.CancellationAccepted(state, true);
                }
                case CommandResult.CommandRefused _ -> {
                    return new CancelOrderResult.TooLateToCancel(state);
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
