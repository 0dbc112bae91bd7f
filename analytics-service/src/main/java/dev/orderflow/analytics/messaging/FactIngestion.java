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
public class FactIngestion {

    private final Facts facts;
    private final AnalyticsProperties properties;
    private final Clock clock = Clock.systemUTC();

    public FactIngestion(Facts facts, AnalyticsProperties properties) {
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
                        case FactReadResult.FactAccepted(var fact) -> {
                            good.add(fact);
                            yield HandlingResult.ACKNOWLEDGE;
                        }
                        case FactReadResult.FactRejected(var why) -> new HandlingResult.Reject(why);
                    });
        }
        facts.record(good);
        return outcomes;
    }

    private sealed interface FactReadResult {

        record FactAccepted(Fact fact) implements FactReadResult {}

        record FactRejected(String reason) implements FactReadResult {}
    }

    private FactReadResult read(ReceivedMessage delivery) {
        var received = MessageCodec.readEvent(delivery.body());
        return switch (received) {
            case ParsedMessage.ValidMessage<OrderEvent>(var event, var envelope) ->
                    read(event, envelope.map(ParsedMessage.Envelope::replayName).isPresent());
            case ParsedMessage.UnknownType<OrderEvent> _,
                    ParsedMessage.UnsupportedVersion<OrderEvent> _,
                    ParsedMessage.Malformed<OrderEvent> _ ->
                    new FactReadResult.FactRejected(
                            received.rejectionReason().orElse("unreadable"));
        };
    }

    private FactReadResult read(OrderEvent event, boolean replayed) {
        if (!isPlausible(event.occurredAt())) {
            return new FactReadResult.FactRejected("occurredAt is not within reason");
        }
        return switch (event) {
            case OrderCreated created -> accept(created, "PENDING", created.total(), replayed);
            case OrderConfirmed confirmed ->
                    accept(confirmed, "CONFIRMED", confirmed.total(), replayed);
            case OrderRejected rejected -> accept(rejected, "REJECTED", rejected.total(), replayed);
            case OrderShipped shipped -> accept(shipped, "SHIPPED", shipped.total(), replayed);
            case OrderCancelled cancelled ->
                    accept(cancelled, "CANCELLED", cancelled.total(), replayed);
            case OrderCancellationRequested requested ->
                    new FactReadResult.FactRejected("no figure is made of " + requested.type());
        };
    }

    private boolean isPlausible(Instant occurredAt) {
        return !occurredAt.isBefore(properties.earliest())
                && !occurredAt.isAfter(clock.instant().plus(properties.clockSkew()));
    }

    private static FactReadResult accept(
            OrderEvent event, String state, Total total, boolean replayed) {
        return new FactReadResult.FactAccepted(
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
