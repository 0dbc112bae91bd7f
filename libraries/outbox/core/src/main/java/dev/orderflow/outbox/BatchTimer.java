package dev.orderflow.outbox;

import java.time.Duration;

/// Decides when events that this instance stored are read, so that a busy relay reads and sends
/// several together and any other one sends an event at once.
///
/// A relay is busy while events come so fast that waiting for others is worth the delay. The rate
/// is a moving average, which neither one burst nor one pause changes much.
///
/// Times are those of [System#nanoTime()]. Not thread-safe.
final class BatchTimer {

    /// Waiting is worth the delay if at least so many events are expected meanwhile.
    private static final int MIN_EXPECTED = 3;

    /// The weight of the latest interval in the average.
    private static final double WEIGHT = 0.1;

    /// A longer interval counts as this many delays, so that events after a pause are recognised as
    /// many before long.
    private static final int LONGEST_IN_DELAYS = 20;

    private final long delayNanos;
    private final int fullCall;
    private int waiting;
    private long delayedUntil;
    private long latestStored;
    private double averageInterval;

    /// @param delay how long events wait for others after some were read
    /// @param fullCall the number of events for which nothing waits
    /// @param now the current time
    BatchTimer(Duration delay, int fullCall, long now) {
        this.delayNanos = delay.toNanos();
        this.fullCall = fullCall;
        this.delayedUntil = now;
        this.latestStored = now;
        this.averageInterval = longestInterval();
    }

    private double longestInterval() {
        return (double) LONGEST_IN_DELAYS * delayNanos;
    }

    /// An event was stored.
    ///
    /// @return when to read it
    long onStored(long now) {
        double interval = Math.min(now - latestStored, longestInterval());
        averageInterval += WEIGHT * (interval - averageInterval);
        latestStored = now;
        waiting++;
        boolean isBusy = averageInterval * MIN_EXPECTED <= delayNanos;
        return isBusy && waiting < fullCall && delayedUntil - now > 0 ? delayedUntil : now;
    }

    /// The outbox was read.
    ///
    /// @param events how many were found
    void onRead(int events, long now) {
        waiting = 0;
        if (events > 0) {
            delayedUntil = now + delayNanos;
        }
    }
}
