package dev.orderflow.order.progress;

import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.defaults.inbox.Inbox;
import dev.orderflow.order.domain.Concern;
import dev.orderflow.order.domain.Lifecycle;
import dev.orderflow.order.domain.Occurrence;
import dev.orderflow.order.domain.Occurrence.Effect;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.RejectionReason;
import dev.orderflow.order.domain.Report;
import dev.orderflow.order.domain.State;
import dev.orderflow.order.domain.Verdict;
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
public class Progress {

    private static final Logger log = LoggerFactory.getLogger(Progress.class);
    private static final String CONSUMER = "order-progress";

    private final Orders orders;
    private final Inbox inbox;
    private final Counter outOfTurn;
    private final Map<String, Counter> moved;

    Progress(Orders orders, Inbox inbox, MeterRegistry meters) {
        this.orders = orders;
        this.inbox = inbox;
        this.outOfTurn =
                Counter.builder("orders.reports.out_of_turn")
                        .description("reports that contradict what is known of their order")
                        .register(meters);
        this.moved =
                Stream.of("CONFIRMED", "SHIPPED", "REJECTED", "CANCELLED")
                        .collect(Collectors.toMap(state -> state, state -> moved(state, meters)));
    }

    private static Counter moved(String state, MeterRegistry meters) {
        return Counter.builder("orders.moved")
                .description("orders that the workflow moved, by the state they moved to")
                .tag("state", state)
                .register(meters);
    }

    /// Hears a report. All of what it causes is stored in one transaction, or nothing.
    @Transactional
    public Progressed report(OrderEvent event) {
        var standing = orders.standing(event.orderId());
        if (standing.isEmpty()) {
            // Before the inbox, so that a redrive of the message is heard.
            return new Progressed.UnknownOrder();
        }
        if (!inbox.recordIfNew(CONSUMER, event.eventId())) {
            return new Progressed.AlreadyKnown();
        }
        return switch (event) {
            case OrderConfirmed _ -> hear(event, standing.get().state(), new Report.Confirmed());
            case OrderShipped _ -> hear(event, standing.get().state(), new Report.Shipped());
            case OrderRejected rejected ->
                    hear(
                            event,
                            standing.get().state(),
                            new Report.Rejected(RejectionReason.valueOf(rejected.reason().name())));
            case OrderCancelled _ -> hear(event, standing.get().state(), new Report.Cancelled());
            case OrderCreated _, OrderCancellationRequested _ ->
                    outOfTurn(event, standing.get().state(), "our own event came as a report");
        };
    }

    private Progressed hear(OrderEvent event, State seen, Report report) {
        var state = seen;
        while (true) {
            switch (Lifecycle.on(state, report)) {
                case Verdict.Move(var to) -> {
                    if (orders.move(event.orderId(), state, to)) {
                        Objects.requireNonNull(moved.get(to.code())).increment();
                        note(event, Effect.MOVED, to, to.rejection().map(RejectionReason::name));
                        return new Progressed.Moved(to);
                    }
                    // Another was faster. An order moves three times at most, so this ends.
                    state = orders.standing(event.orderId()).orElseThrow().state();
                }
                case Verdict.Known _ -> {
                    return new Progressed.AlreadyKnown();
                }
                case Verdict.Late _ -> {
                    note(event, Effect.LATE, state, Optional.empty());
                    return new Progressed.Late();
                }
                case Verdict.OutOfTurn(var reason) -> {
                    return outOfTurn(event, state, reason);
                }
            }
        }
    }

    private Progressed outOfTurn(OrderEvent event, State state, String reason) {
        outOfTurn.increment();
        log.error("order {}: {} is out of turn: {}", event.orderId(), event.type(), reason);
        orders.flag(event.orderId(), Concern.OUT_OF_TURN, reason);
        note(event, Effect.OUT_OF_TURN, state, Optional.of(reason));
        return new Progressed.OutOfTurn(reason);
    }

    private void note(OrderEvent event, Effect effect, State state, Optional<String> detail) {
        orders.note(
                event.orderId(),
                new Occurrence(event.occurredAt(), event.type(), effect, state, detail));
    }
}
