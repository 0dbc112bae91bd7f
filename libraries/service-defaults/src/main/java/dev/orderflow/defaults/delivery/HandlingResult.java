package dev.orderflow.defaults.delivery;

import java.time.Duration;

/// What a handler decides about a message.
public sealed interface HandlingResult {

    /// The message was handled, now or before: it is deleted from its queue.
    record Acknowledge() implements HandlingResult {}

    /// The message cannot be handled now: it is delivered again after a delay. This uses up one of
    /// its receives.
    ///
    /// @param delay 0 to 12 hours, the limit of SQS
    record RetryLater(Duration delay) implements HandlingResult {

        /// The longest visibility time-out of SQS.
        public static final Duration MAX_DELAY = Duration.ofHours(12);

        public RetryLater {
            if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
                throw new IllegalArgumentException("delay must be 0 to 12 h but was " + delay);
            }
        }
    }

    /// A dependency of the handler is unavailable. The message waits in this instance without
    /// losing a receive and is retried; the polling of its queue pauses meanwhile. A message that
    /// keeps failing while others are handled is retried like after any failure, and ends in the
    /// dead-letter queue.
    ///
    /// @param dependency the name of the dependency
    /// @param reason why it is unavailable, for the log; quotes no payload
    record DependencyUnavailable(String dependency, String reason) implements HandlingResult {}

    /// The message can never be handled: it is moved to the dead-letter queue at once.
    ///
    /// @param reason for the operator, the same for every message that fails for the same reason;
    ///     quotes no payload. It is reduced to one line of printable ASCII characters, because it
    ///     is logged and SQS rejects most other characters in an attribute: a dead letter that SQS
    ///     rejects would be retried for ever.
    record Reject(String reason) implements HandlingResult {

        private static final int MAX_REASON_LENGTH = 1_000;

        public Reject {
            reason = reason.replaceAll("[^\\x20-\\x7E]", "?");
            reason = reason.substring(0, Math.min(reason.length(), MAX_REASON_LENGTH));
        }
    }

    /// The message was handled.
    HandlingResult ACKNOWLEDGE = new Acknowledge();
}
