package dev.orderflow.analytics.messaging;

import dev.orderflow.analytics.projection.Fact;
import dev.orderflow.analytics.projection.Facts;
import dev.orderflow.contracts.Messages;
import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.Received;
import dev.orderflow.contracts.Total;
import dev.orderflow.defaults.delivery.Deliveries;
import dev.orderflow.defaults.delivery.Delivery;
import dev.orderflow.defaults.delivery.Outcome;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.util.ArrayList;
import java.util.List;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Reads facts in batches: the good ones are recorded together, each of the others goes its own
/// way.
@Component
class FactListener {

    private final Deliveries deliveries;
    private final Facts facts;

    FactListener(Deliveries deliveries, Facts facts) {
        this.deliveries = deliveries;
        this.facts = facts;
    }

    @SqsListener(queueNames = "${orderflow.analytics.queue}", acknowledgementMode = "MANUAL")
    void on(List<Message<String>> messages) {
        deliveries.settleBatch(messages, this::handle);
    }

    private List<Outcome> handle(List<Delivery> batch) {
        var outcomes = new ArrayList<Outcome>();
        var good = new ArrayList<Fact>();
        for (var delivery : batch) {
            var received = Messages.readEvent(delivery.body());
            if (received instanceof Received.Known<OrderEvent>(var event, var _)
                    && !(event instanceof OrderCancellationRequested)) {
                good.add(factOf(event));
                outcomes.add(Outcome.DONE);
            } else {
                outcomes.add(
                        new Outcome.Hopeless(received.problem().orElse("no fact for analytics")));
            }
        }
        facts.record(good);
        return outcomes;
    }

    private static Fact factOf(OrderEvent event) {
        return switch (event) {
            case OrderCreated created -> fact(created, "PENDING", created.total());
            case OrderConfirmed confirmed -> fact(confirmed, "CONFIRMED", confirmed.total());
            case OrderRejected rejected -> fact(rejected, "REJECTED", rejected.total());
            case OrderShipped shipped -> fact(shipped, "SHIPPED", shipped.total());
            case OrderCancelled cancelled -> fact(cancelled, "CANCELLED", cancelled.total());
            case OrderCancellationRequested requested ->
                    throw new IllegalArgumentException("no fact: " + requested.type());
        };
    }

    private static Fact fact(OrderEvent event, String state, Total total) {
        return new Fact(
                event.eventId(),
                event.type(),
                event.orderId(),
                event.orderVersion(),
                event.customerRef(),
                event.occurredAt(),
                state,
                total.amount(),
                total.currency());
    }
}
