package dev.orderflow.order.progress;

import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.defaults.inbox.Inbox;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.OrderStateMachine;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.RejectionReason;
import dev.orderflow.order.domain.TimelineEntry;
import dev.orderflow.order.domain.TimelineEntry.TimelineEffect;
import dev.orderflow.order.domain.Transition;
import dev.orderflow.order.domain.WorkItemKind;
import dev.orderflow.order.domain.WorkflowReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Moves an order on as the workflow reports.
@Component
public class OrderProgressService {

    private static final Logger log = LoggerFactory.getLogger(OrderProgressService.class);
    private static final String CONSUMER = "order-progress";

    private final Orders orders;
    private final Inbox inbox;
    private final Counter outOfOrder;
    private final Map<String, Counter> moved;

    OrderProgressService(Orders orders, Inbox inbox, MeterRegistry meters) {
        this.orders = orders;
        this.inbox = inbox;
        this.outOfOrder =
                Counter.builder("orders.reports.out_of_turn")
                        .description("reports that contradict what is known of their order")
                        .register(meters);
        this.moved =
                Stream.of("CONFIRMED", "SHIPPED", "REJECTED", "CANCELLED")
                        .collect(
                                Collectors.toMap(
                                        state -> state, state -> movedCounter(state, meters)));
    }

    private static Counter movedCounter(String state, MeterRegistry meters) {
        return Counter.builder("orders.moved")
                .description("orders that the workflow moved, by the state they moved to")
                .tag("state", state)
                .register(meters);
    }

    /// Hears a report. All of what it causes is stored in one transaction, or nothing.
    @Transactional
    public ProgressResult applyReport(OrderEvent event) {
        var standing = orders.findStatus(event.orderId());
        if (standing.isEmpty()) {
            // Before the inbox, so that a redrive of the message is heard.
            return new ProgressResult.UnknownOrder();
        }
        if (!inbox.recordIfNew(CONSUMER, event.eventId())) {
            return new ProgressResult.AlreadyApplied();
        }
        return switch (event) {
            case OrderConfirmed _ ->
                    apply(event, standing.get().state(), new WorkflowReport.ConfirmationReport());
            case OrderShipped _ ->
                    apply(event, standing.get().state(), new WorkflowReport.ShipmentReport());
            case OrderRejected rejected ->
                    apply(
                            event,
                            standing.get().state(),
                            new WorkflowReport.RejectionReport(
                                    RejectionReason.valueOf(rejected.reason().name())));
            case OrderCancelled _ ->
                    apply(event, standing.get().state(), new WorkflowReport.CancellationReport());
            case OrderCreated _, OrderCancellationRequested _ ->
                    recordOutOfOrder(
                            event, standing.get().state(), "our own event came as a report");
        };
    }

    private ProgressResult apply(OrderEvent event, OrderState seen, WorkflowReport report) {
        var state = seen;
        while (true) {
            switch (OrderStateMachine.apply(state, report)) {
                case Transition.Moved(var to) -> {
                    if (orders.move(event.orderId(), state, to)) {
                        Objects.requireNonNull(moved.get(to.code())).increment();
                        appendToTimeline(
                                event,
                                TimelineEffect.MOVED,
                                to,
                                to.rejectionReason().map(RejectionReason::name));
                        return new ProgressResult.OrderMoved(to);
                    }
                    // Another was faster. An order moves three times at most, so this ends.
                    state = orders.findStatus(event.orderId()).orElseThrow().state();
                }
                case Transition.Unchanged _ -> {
                    return new ProgressResult.AlreadyApplied();
                }
                case Transition.Late _ -> {
                    appendToTimeline(event, TimelineEffect.LATE, state, Optional.empty());
                    return new ProgressResult.LateReport();
                }
                case Transition.OutOfOrder(var reason) -> {
                    return recordOutOfOrder(event, state, reason);
                }
            }
        }
    }

    private ProgressResult recordOutOfOrder(OrderEvent event, OrderState state, String reason) {
        outOfOrder.increment();
        log.error("order {}: {} is out of turn: {}", event.orderId(), event.type(), reason);
        orders.raiseWorkItem(event.orderId(), WorkItemKind.OUT_OF_ORDER, reason);
        appendToTimeline(event, TimelineEffect.OUT_OF_ORDER, state, Optional.of(reason));
        return new ProgressResult.OutOfOrderReport(reason);
    }

    private void appendToTimeline(
            OrderEvent event, TimelineEffect effect, OrderState state, Optional<String> detail) {
        orders.appendToTimeline(
                event.orderId(),
                new TimelineEntry(event.occurredAt(), event.type(), effect, state, detail));
    }
}
