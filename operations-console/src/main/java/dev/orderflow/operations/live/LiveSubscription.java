package dev.orderflow.operations.live;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A subscription of one stream to changes of topics.
public final class LiveSubscription implements AutoCloseable {

    private static final Duration MAX_FIRST_READ = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 50;

    private final String operator;
    private final List<TopicWatch> watches;
    private final Consumer<LiveSubscription> onClose;
    private final Semaphore changes = new Semaphore(0);
    private volatile boolean ended;

    LiveSubscription(
            String operator, List<TopicWatch> watches, Consumer<LiveSubscription> onClose) {
        this.operator = operator;
        this.watches = watches;
        this.onClose = onClose;
    }

    String operator() {
        return operator;
    }

    List<TopicWatch> watches() {
        return watches;
    }

    void signal() {
        changes.release();
    }

    void end() {
        ended = true;
        changes.release();
    }

    /// Whether the stream must end now: the console stops, or its person has too many.
    public boolean isEnded() {
        return ended;
    }

    /// Waits until every later change is reported, unless the console stops or a topic takes very
    /// long.
    public void awaitReady() throws InterruptedException {
        long end = System.nanoTime() + MAX_FIRST_READ.toNanos();
        for (var watch : watches) {
            boolean isRead = false;
            while (!isRead && !ended && System.nanoTime() < end) {
                isRead = watch.awaitRead(POLL_MILLIS);
            }
        }
    }

    /// Waits for changes. Several since the last call count as one.
    ///
    /// @return false when there was none in this time
    public boolean awaitChange(Duration time) throws InterruptedException {
        if (!changes.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        changes.drainPermits();
        return true;
    }

    @Override
    public void close() {
        onClose.accept(this);
    }
}
