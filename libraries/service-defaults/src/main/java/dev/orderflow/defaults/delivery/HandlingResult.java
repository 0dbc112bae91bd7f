package dev.orderflow.defaults.delivery;

import java.time.Duration;

/// What should become of a message, as its handler sees it.
public sealed interface HandlingResult {

    /// Handled, or recognised as handled before: the message is acknowledged.
    record Acknowledge() implements HandlingResult {}

    /// Not possible now: the message comes back after the delay, which counts as one of its
    /// receives.
    ///
    /// @param delay up to 12 hours, the limit of SQS
    record RetryLater(Duration delay) implements HandlingResult {

        /// The longest visibility time-out SQS allows.
        public static final Duration MAX_DELAY = Duration.ofHours(12);

        public RetryLater {
            if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
                throw new IllegalArgumentException("delay must be 0 to 12 h but was " + delay);
            }
        }
    }

    /// Not possible while something that the handler needs does not answer. A listener keeps the
    /// message, so that it loses none of its receives, tries again until it works, and pauses the
    /// polling of its queue meanwhile. What keeps failing although others are handled comes back
    /// like any failure, and so ends with the dead letters.
    ///
    /// @param dependency what does not answer, by its name
    /// @param why for the log; quotes no payload
    record DependencyUnavailable(String dependency, String reason) implements HandlingResult {}

    /// Never possible: the message goes to the dead-letter queue at once.
    ///
    /// @param reason for a person, and the same for every message that fails alike; quotes no
    ///     payload. Kept to one line of printable characters, for it goes into logs, and SQS
    ///     refuses most others in an attribute: a refused dead letter would come back for ever.
    record Reject(String reason) implements HandlingResult {

        private static final int MAX_REASON_LENGTH = 1_000;

        public Reject {
            reason = reason.replaceAll("[^\\x20-\\x7E]", "?");
            reason = reason.substring(0, Math.min(reason.length(), MAX_REASON_LENGTH));
        }
    }

    /// The message is handled.
    HandlingResult ACKNOWLEDGE = new Acknowledge();
}
