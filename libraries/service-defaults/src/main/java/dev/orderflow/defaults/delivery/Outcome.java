package dev.orderflow.defaults.delivery;

import java.time.Duration;

/// What should become of a message, as its handler sees it.
public sealed interface Outcome {

    /// Handled, or recognised as handled before: the message is acknowledged.
    record Done() implements Outcome {}

    /// Not possible now: the message comes back after the delay, which counts as one of its
    /// receives.
    ///
    /// @param delay up to 12 hours, the limit of SQS
    record NotYet(Duration delay) implements Outcome {

        /// The longest visibility time-out SQS allows.
        public static final Duration LONGEST = Duration.ofHours(12);

        public NotYet {
            if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
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
    record Unavailable(String dependency, String why) implements Outcome {}

    /// Never possible: the message goes to the dead-letter queue at once.
    ///
    /// @param reason for a person, and the same for every message that fails alike; quotes no
    ///     payload. Kept to one line of printable characters, for it goes into logs, and SQS
    ///     refuses most others in an attribute: a refused dead letter would come back for ever.
    record Hopeless(String reason) implements Outcome {

        private static final int LONGEST_REASON = 1_000;

        public Hopeless {
            reason = reason.replaceAll("[^\\x20-\\x7E]", "?");
            reason = reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
        }
    }

    /// The message is handled.
    Outcome DONE = new Done();
}
