package dev.orderflow.defaults.delivery;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A circuit breaker between one queue and its handler.
///
/// Closed while something the handler needs does not answer: nothing more is received, but for one
/// message at each interval, because the outage may concern only those that wait. The first message
/// that is handled opens it.
final class QueueGate {

    private static final Logger log = LoggerFactory.getLogger(QueueGate.class);

    private final String queue;
    private final Duration probeEvery;
    private boolean closed;
    private boolean stopped;
    private long closedUntil;
    private long openCount;
    private int waiting;

    QueueGate(String queue, Duration probeEvery) {
        this.queue = queue;
        this.probeEvery = probeEvery;
    }

    /// How many messages may be received.
    ///
    /// @param inHand received and not finished, those that are held included
    synchronized int grant(int wanted, int inHand) {
        if (stopped) {
            // What goes back now is for another instance.
            return 0;
        }
        if (!closed) {
            return wanted;
        }
        boolean probeIsDue = System.nanoTime() - closedUntil >= 0 && inHand - waiting <= 0;
        if (!probeIsDue) {
            return 0;
        }
        closedUntil = System.nanoTime() + probeEvery.toNanos();
        return 1;
    }

    /// A handler could not do without something that does not answer.
    synchronized void close(HandlingResult.DependencyUnavailable cause) {
        if (!closed) {
            closed = true;
            closedUntil = System.nanoTime() + probeEvery.toNanos();
            log.warn(
                    "queue {}: polling paused, {} is unavailable: {}",
                    queue,
                    cause.dependency(),
                    cause.reason());
        }
    }

    /// A message was handled.
    synchronized void open() {
        if (closed) {
            closed = false;
            openCount++;
            log.info("queue {}: polling resumed", queue);
            notifyAll();
        }
    }

    /// How often it has opened again, to be given to [#await].
    synchronized long openCount() {
        return openCount;
    }

    /// Messages are kept in hand because of the outage; they do not keep the next probe away.
    synchronized void addWaiting(int messages) {
        waiting += messages;
    }

    /// They are finished.
    synchronized void removeWaiting(int messages) {
        waiting -= messages;
    }

    /// Waits until it opens or some time has passed.
    ///
    /// @param since the openings the caller knows of
    /// @return false when this instance stops
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

    /// Lets all that wait go back to the queue, and nothing more be received.
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }
}
