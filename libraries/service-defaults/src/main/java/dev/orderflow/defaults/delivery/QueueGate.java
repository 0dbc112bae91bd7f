package dev.orderflow.defaults.delivery;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pauses the polling of one queue while a dependency of its handler is unavailable.
///
/// While the gate is closed, only one message is received per interval, as a probe, since the
/// outage may concern only the waiting messages. The first message that is handled opens the gate.
final class QueueGate {

    private static final Logger log = LoggerFactory.getLogger(QueueGate.class);

    private final String queue;
    private final Duration probeInterval;
    private boolean closed;
    private boolean stopped;
    private long closedUntil;
    private long openCount;
    private int waiting;

    QueueGate(String queue, Duration probeInterval) {
        this.queue = queue;
        this.probeInterval = probeInterval;
    }

    /// Limits how many messages may be received.
    ///
    /// @param inFlight messages that this instance is receiving or handling, including the waiting
    ///     ones
    synchronized int grant(int requested, int inFlight) {
        if (stopped) {
            // Messages that return to the queue now are for another instance.
            return 0;
        }
        if (!closed) {
            return requested;
        }
        boolean probeIsDue = System.nanoTime() - closedUntil >= 0 && inFlight - waiting <= 0;
        if (!probeIsDue) {
            return 0;
        }
        closedUntil = System.nanoTime() + probeInterval.toNanos();
        return 1;
    }

    /// Closes the gate because a dependency is unavailable.
    synchronized void close(HandlingResult.DependencyUnavailable cause) {
        if (!closed) {
            closed = true;
            closedUntil = System.nanoTime() + probeInterval.toNanos();
            log.warn(
                    "queue {}: polling paused, {} is unavailable: {}",
                    queue,
                    cause.dependency(),
                    cause.reason());
        }
    }

    /// Opens the gate because a message was handled.
    synchronized void open() {
        if (closed) {
            closed = false;
            openCount++;
            log.info("queue {}: polling resumed", queue);
            notifyAll();
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /// How often the gate has opened again, for [#await].
    synchronized long openCount() {
        return openCount;
    }

    /// Registers messages that wait for the end of the outage; they do not prevent the next probe.
    synchronized void addWaiting(int messages) {
        waiting += messages;
    }

    /// Removes messages that no longer wait.
    synchronized void removeWaiting(int messages) {
        waiting -= messages;
    }

    /// Waits until the gate opens or a time has passed.
    ///
    /// @param since the open count that the caller knows
    /// @return false when this instance shuts down
    synchronized boolean await(Duration atMost, long since) {
        long end = System.nanoTime() + atMost.toNanos();
        try {
            long left = atMost.toMillis();
            while (!stopped && openCount == since && left > 0) {
                wait(left);
                left = (end - System.nanoTime() + 999_999) / 1_000_000;
            }
            return !stopped;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Wakes all waiting messages, so that they return to the queue, and prevents further receives.
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }
}
