package dev.orderflow.analytics.messaging;

import dev.orderflow.analytics.AnalyticsProperties;
import dev.orderflow.analytics.projection.Fact;
import dev.orderflow.analytics.projection.Facts;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.contracts.Total;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/// Takes batches in, wherever they were received: the good facts are recorded together, and each of
/// the others has an outcome of its own.
@Component
public class FactIntake {

    private final Facts facts;
    private final AnalyticsProperties properties;
    private final Clock clock = Clock.systemUTC();

    public FactIntake(Facts facts, AnalyticsProperties properties) {
        this.facts = facts;
        this.properties = properties;
    }

    /// One outcome for each delivery, in the same order.
    public List<HandlingResult> handle(List<ReceivedMessage> batch) {
        var outcomes = new ArrayList<HandlingResult>();
        var good = new ArrayList<Fact>();
        for (var delivery : batch) {
            outcomes.add(
                    switch (read(delivery)) {
                        case Read.Good(var fact) -> {
                            good.add(fact);
                            yield HandlingResult.ACKNOWLEDGE;
                        }
                        case Read.Poison(var why) -> new HandlingResult.Reject(why);
                    });
        }
        facts.record(good);
        return outcomes;
    }

    private sealed interface Read {

        record Good(Fact fact) implements Read {}

        record Poison(String why) implements Read {}
    }

    private Read read(ReceivedMessage delivery) {
        var received = MessageCodec.readEvent(delivery.body());
        return switch (received) {
            case ParsedMessage.ValidMessage<OrderEvent>(var event, var envelope) ->
                    read(event, envelope.map(ParsedMessage.Envelope::replayName).isPresent());
            case ParsedMessage.UnknownType<OrderEvent> _,
                    ParsedMessage.UnsupportedVersion<OrderEvent> _,
                    ParsedMessage.Malformed<OrderEvent> _ ->
                    new Read.Poison(received.rejectionReason().orElse("unreadable"));
        };
    }

    private Read read(OrderEvent event, boolean replayed) {
        if (!plausible(event.occurredAt())) {
            return new Read.Poison("occurredAt is not within reason");
        }
        return switch (event) {
            case OrderCreated created -> good(created, "PENDING", created.total(), replayed);
            case OrderConfirmed confirmed ->
                    good(confirmed, "CONFIRMED", confirmed.total(), replayed);
            case OrderRejected rejected -> good(rejected, "REJECTED", rejected.total(), replayed);
            case OrderShipped shipped -> good(shipped, "SHIPPED", shipped.total(), replayed);
            case OrderCancelled cancelled ->
                    good(cancelled, "CANCELLED", cancelled.total(), replayed);
            case OrderCancellationRequested requested ->
                    new Read.Poison("no figure is made of " + requested.type());
        };
    }

    private boolean plausible(Instant occurredAt) {
        return !occurredAt.isBefore(properties.earliest())
                && !occurredAt.isAfter(clock.instant().plus(properties.clockSkew()));
    }

    private static Read good(OrderEvent event, String state, Total total, boolean replayed) {
        return new Read.Good(
                new Fact(
                        event.eventId(),
                        event.type(),
                        event.orderId(),
                        event.orderVersion(),
                        event.occurredAt(),
                        state,
                        total.amount(),
                        total.currency(),
                        replayed));
    }
}
