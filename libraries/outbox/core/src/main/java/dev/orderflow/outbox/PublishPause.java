package dev.orderflow.outbox;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pauses publishing after calls that failed, for longer after each consecutive failure, with
/// jitter because every instance sees the same outage. Belongs to the thread of its relay.
final class PublishPause {

    private static final Logger log = LoggerFactory.getLogger(PublishPause.class);

    private final String target;
    private final RelaySettings settings;
    private int consecutiveFailures;
    private long until = System.nanoTime();

    PublishPause(String target, RelaySettings settings) {
        this.target = target;
        this.settings = settings;
    }

    /// When the pause ends, by [System#nanoTime()].
    long until() {
        return until;
    }

    boolean isOver() {
        return until - System.nanoTime() <= 0;
    }

    /// Whether the target has failed and not worked since.
    boolean isTargetFailing() {
        return consecutiveFailures > 0;
    }

    /// A result showed that the target works.
    void onTargetWorks() {
        consecutiveFailures = 0;
    }

    /// Begins a pause after a failed call.
    ///
    /// @param longest the longest pause
    /// @return false if a pause goes on already: concurrent calls failed together, and one pause is
    ///     enough
    boolean begin(String reason, Duration longest) {
        if (!isOver()) {
            return false;
        }
        consecutiveFailures++;
        long most =
                RelaySettings.shorter(settings.pauseAfter(consecutiveFailures), longest).toNanos();
        long delay = most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
        until = System.nanoTime() + delay;
        log.warn(
                "publishing to target {} failed ({}); retrying in {} ms",
                target,
                reason,
                delay / 1_000_000);
        return true;
    }
}
