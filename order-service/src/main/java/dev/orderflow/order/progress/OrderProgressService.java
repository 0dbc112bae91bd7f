package dev.orderflow.order.progress;

import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.value.OrderStateCode;
import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.defaults.inbox.Inbox;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.OrderStateMachine;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.RejectionReason;
import dev.orderflow.order.domain.TimelineEntry;
import dev.orderflow.order.domain.TimelineEntry.TimelineEffect;
import dev.orderflow.order.domain.Transition;
import dev.orderflow.order.domain.WorkItemKind;
import dev.orderflow.order.domain.WorkItems;
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

/// Applies the workflow's reports to orders.
@Component
public class OrderProgressService {

    private static final Logger log = LoggerFactory.getLogger(OrderProgressService.class);
    private static final String CONSUMER = "order-progress";

    private final Orders orders;
    private final WorkItems workItems;
    private final Inbox inbox;
    private final OrderIncidents incidents;
    private final Counter outOfOrder;
    private final Map<String, Counter> moved;

    OrderProgressService(
            Orders orders,
            WorkItems workItems,
            Inbox inbox,
            OrderIncidents incidents,
            MeterRegistry meters) {
        this.incidents = incidents;
        this.orders = orders;
        this.workItems = workItems;
        this.inbox = inbox;
        this.outOfOrder =
                Counter.builder("orders.reports.out.of.order")
                        .description("reports that contradict the state of their order")
                        .register(meters);
        this.moved =
                Stream.of(
                                OrderStateCode.CONFIRMED,
                                OrderStateCode.SHIPPED,
                                OrderStateCode.REJECTED,
                                OrderStateCode.CANCELLED)
                        .map(OrderStateCode::name)
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

    /// Applies a report. All of its effects are stored in one transaction.
    @Transactional
    public ProgressResult applyReport(OrderEvent event) {
        var current = orders.findState(event.orderId());
        if (current.isEmpty()) {
            // Checked before the inbox, so that a redrive of the message is handled.
            return new ProgressResult.UnknownOrder();
        }
        if (!inbox.recordIfNew(CONSUMER, event.eventId())) {
            incidents.record(
                    event.orderId(),
                    OrderIncidentType.MESSAGE_DUPLICATE,
                    "",
                    "%s came again and changed nothing.".formatted(event.type()));
            return new ProgressResult.AlreadyApplied();
        }
        return switch (event) {
            case OrderConfirmed _ ->
                    apply(event, current.get().state(), new WorkflowReport.ConfirmationReport());
            case OrderShipped _ ->
                    apply(event, current.get().state(), new WorkflowReport.ShipmentReport());
            case OrderRejected rejected ->
                    apply(
                            event,
                            current.get().state(),
                            new WorkflowReport.RejectionReport(
                                    RejectionReason.valueOf(rejected.reason().name())));
            case OrderCancelled _ ->
                    apply(event, current.get().state(), new WorkflowReport.CancellationReport());
            case OrderCreated _, OrderCancellationRequested _ ->
                    recordOutOfOrder(
                            event,
                            current.get().state(),
                            "received an event of order-service as a report");
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
                    // A concurrent transition was first. The number of transitions is bounded
                    // (OrderStateMachine.MAX_TRANSITIONS), so the loop ends.
                    state = orders.findState(event.orderId()).orElseThrow().state();
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
        log.error("order {}: {} is out of order: {}", event.orderId(), event.type(), reason);
        workItems.open(event.orderId(), WorkItemKind.OUT_OF_ORDER, reason);
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
