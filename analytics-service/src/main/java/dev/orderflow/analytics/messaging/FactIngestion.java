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
import dev.orderflow.contracts.value.OrderStateCode;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/// Ingests batches of facts, in the container and in the Lambda function: valid facts are recorded
/// together, and every other message is rejected on its own.
@Component
public class FactIngestion {

    private final Facts facts;
    private final AnalyticsProperties properties;
    private final Clock clock = Clock.systemUTC();

    public FactIngestion(Facts facts, AnalyticsProperties properties) {
        this.facts = facts;
        this.properties = properties;
    }

    /// Handles a batch and returns one result for each message, in the same order.
    public List<HandlingResult> handle(List<ReceivedMessage> batch) {
        var results = new ArrayList<HandlingResult>();
        var accepted = new ArrayList<Fact>();
        for (var message : batch) {
            results.add(
                    switch (read(message)) {
                        case FactReadResult.FactAccepted(var fact) -> {
                            accepted.add(fact);
                            yield HandlingResult.ACKNOWLEDGE;
                        }
                        case FactReadResult.FactRejected(var reason) ->
                                new HandlingResult.Reject(reason);
                    });
        }
        facts.record(accepted);
        return results;
    }

    private sealed interface FactReadResult {

        record FactAccepted(Fact fact) implements FactReadResult {}

        record FactRejected(String reason) implements FactReadResult {}
    }

    private FactReadResult read(ReceivedMessage message) {
        var received = MessageCodec.readEvent(message.body());
        return switch (received) {
            case ParsedMessage.ValidMessage<OrderEvent>(var event, var envelope) ->
                    read(event, envelope.map(ParsedMessage.Envelope::replayName).isPresent());
            case ParsedMessage.UnknownType<OrderEvent> _,
                    ParsedMessage.UnsupportedVersion<OrderEvent> _,
                    ParsedMessage.Malformed<OrderEvent> _ ->
                    new FactReadResult.FactRejected(
                            received.rejectionReason().orElse("malformed message"));
        };
    }

    private FactReadResult read(OrderEvent event, boolean replayed) {
        if (!isPlausible(event.occurredAt())) {
            return new FactReadResult.FactRejected("occurredAt is outside the plausible range");
        }
        return switch (event) {
            case OrderCreated created ->
                    accept(created, OrderStateCode.PENDING, created.total(), replayed);
            case OrderConfirmed confirmed ->
                    accept(confirmed, OrderStateCode.CONFIRMED, confirmed.total(), replayed);
            case OrderRejected rejected ->
                    accept(rejected, OrderStateCode.REJECTED, rejected.total(), replayed);
            case OrderShipped shipped ->
                    accept(shipped, OrderStateCode.SHIPPED, shipped.total(), replayed);
            case OrderCancelled cancelled ->
                    accept(cancelled, OrderStateCode.CANCELLED, cancelled.total(), replayed);
            case OrderCancellationRequested requested ->
                    new FactReadResult.FactRejected("not an analytics event: " + requested.type());
        };
    }

    private boolean isPlausible(Instant occurredAt) {
        return !occurredAt.isBefore(properties.earliest())
                && !occurredAt.isAfter(clock.instant().plus(properties.clockSkew()));
    }

    private static FactReadResult accept(
            OrderEvent event, OrderStateCode state, Total total, boolean replayed) {
        return new FactReadResult.FactAccepted(
                new Fact(
                        event.eventId(),
                        event.type(),
                        event.orderId(),
                        event.orderVersion(),
                        event.occurredAt(),
                        state.name(),
                        total.amount(),
                        total.currency(),
                        replayed));
    }
}
