package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.text.UuidFormat;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Records incidents of deliveries whose messages name an order. A message that is handled at its
/// first receive costs nothing.
final class DeliveryIncidents {

    private final OrderIncidents incidents;

    DeliveryIncidents(OrderIncidents incidents) {
        this.incidents = incidents;
    }

    /// Records that a message was received before, or is rejected.
    void recordHandled(ReceivedMessage received, HandlingResult result) {
        if (received.receiveCount() > 1) {
            record(
                    received,
                    OrderIncidentType.MESSAGE_REDELIVERED,
                    "A message of the queue %s was received again: an earlier receive ended without a result."
                            .formatted(received.queueName()));
        }
        if (received.redriveId() != null && result instanceof HandlingResult.Acknowledge) {
            record(
                    received,
                    OrderIncidentType.MESSAGE_REDRIVEN,
                    "A message of the queue %s that an operator redrove was handled."
                            .formatted(received.queueName()));
        }
        if (result instanceof HandlingResult.Reject(var reason)) {
            record(
                    received,
                    OrderIncidentType.MESSAGE_REJECTED,
                    "A message of the queue %s was moved to the dead-letter queue: %s"
                            .formatted(received.queueName(), reason));
        }
    }

    /// Records that the handler threw an exception.
    void recordFailure(ReceivedMessage received, RuntimeException failure) {
        record(
                received,
                OrderIncidentType.MESSAGE_FAILED,
                "Handling a message of the queue %s failed (%s); it is retried."
                        .formatted(received.queueName(), FailureDescription.of(failure)));
    }

    /// Records that a message waited until now.
    ///
    /// @param since when the wait began
    void recordWait(
            ReceivedMessage received, HandlingResult.DependencyUnavailable cause, Instant since) {
        findOrder(received)
                .ifPresent(
                        order ->
                                incidents.record(
                                        order,
                                        OrderIncidentType.MESSAGE_WAITED,
                                        received.messageId(),
                                        "A message of the queue %s waited, and the polling of the queue was paused: %s was unavailable (%s)."
                                                .formatted(
                                                        received.queueName(),
                                                        cause.dependency(),
                                                        cause.reason()),
                                        since));
    }

    private void record(ReceivedMessage received, OrderIncidentType type, String detail) {
        findOrder(received)
                .ifPresent(order -> incidents.record(order, type, received.messageId(), detail));
    }

    private static Optional<UUID> findOrder(ReceivedMessage received) {
        return Optional.ofNullable(MessageSource.of(received.body()).orderId())
                .flatMap(UuidFormat::parse);
    }
}
