package dev.orderflow.outbox;

import java.time.Duration;

/// Decides when events that this instance stored are read, so that a busy relay reads and sends
/// several together and an idle one sends an event at once.
///
/// Times are those of [System#nanoTime()]. Not thread-safe.
final class BatchTimer {

    private final long delayNanos;
    private final int fullCall;
    private int waiting;
    private long delayedUntil;

    /// @param delay how long events wait for others after some were read
    /// @param fullCall the number of events for which nothing waits
    /// @param now the current time
    BatchTimer(Duration delay, int fullCall, long now) {
        this.delayNanos = delay.toNanos();
        this.fullCall = fullCall;
        this.delayedUntil = now;
    }

    /// An event was stored.
    ///
    /// @return when to read it
    long onStored(long now) {
        waiting++;
        return waiting >= fullCall || delayedUntil - now <= 0 ? now : delayedUntil;
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
