package dev.orderflow.localcloud.sqs;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The attempts to receive from a FIFO queue. The same `ReceiveRequestAttemptId` within five
/// minutes returns the same messages with the same receipts, unless one of them was changed
/// meanwhile.
///
/// Requires the lock of the queue.
final class ReceiveAttempts {

    private static final Duration REPEATABLE_FOR = Duration.ofMinutes(5);

    private final Map<String, ReceiveAttempt> attempts = new HashMap<>();

    private record AttemptedMessage(SqsMessage message, String receipt, long visibleFrom) {

        boolean isAsReceived(long now) {
            return message.receipt.equals(receipt)
                    && message.visibleFrom == visibleFrom
                    && message.isInFlight(now);
        }
    }

    /// @param untilMillis how long the attempt may be repeated
    private record ReceiveAttempt(List<AttemptedMessage> received, long untilMillis) {

        static ReceiveAttempt of(List<SqsMessage> messages, long untilMillis) {
            return new ReceiveAttempt(
                    messages.stream()
                            .map(it -> new AttemptedMessage(it, it.receipt, it.visibleFrom))
                            .toList(),
                    untilMillis);
        }
    }

    /// The messages of an earlier attempt; empty if it cannot be repeated.
    ///
    /// @param there whether a message is still in the queue
    List<SqsMessage> find(@Nullable String id, long now, Predicate<SqsMessage> there) {
        attempts.values().removeIf(attempt -> attempt.untilMillis() <= now);
        var attempt = id == null ? null : attempts.get(id);
        if (attempt == null
                || !attempt.received().stream()
                        .allMatch(it -> there.test(it.message()) && it.isAsReceived(now))) {
            return List.of();
        }
        return attempt.received().stream().map(AttemptedMessage::message).toList();
    }

    /// Stores the messages of a new attempt.
    void remember(@Nullable String id, List<SqsMessage> messages, long now) {
        if (id != null && !messages.isEmpty()) {
            attempts.put(id, ReceiveAttempt.of(messages, now + REPEATABLE_FOR.toMillis()));
        }
    }

    /// Stores the messages of a repeated attempt, which keeps its end.
    void renew(String id, List<SqsMessage> messages) {
        attempts.computeIfPresent(
                id, (_, attempt) -> ReceiveAttempt.of(messages, attempt.untilMillis()));
    }
}
