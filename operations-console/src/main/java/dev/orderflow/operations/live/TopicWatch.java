package dev.orderflow.operations.live;

import dev.orderflow.defaults.problem.FailureDescription;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one topic again and again, and reports when it has changed.
final class TopicWatch {

    private static final Logger log = LoggerFactory.getLogger(TopicWatch.class);

    private final LiveTopic topic;
    private final Consumer<TopicWatch> listener;
    private final CountDownLatch read = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    /// @param listener is called after each change
    TopicWatch(LiveTopic topic, Consumer<TopicWatch> listener) {
        this.topic = topic;
        this.listener = listener;
    }

    String name() {
        return topic.name();
    }

    void start() {
        Thread.ofVirtual().name("live-" + topic.name()).start(this::run);
    }

    void stop() {
        stopped.countDown();
    }

    /// Waits until the topic was read once: what a page reads afterwards is not older than what it
    /// is compared with.
    ///
    /// @return false when that takes longer
    boolean awaitRead(long millis) throws InterruptedException {
        return read.await(millis, TimeUnit.MILLISECONDS);
    }

    private void run() {
        try {
            var last = readState();
            read.countDown();
            while (!stopped.await(topic.interval().toMillis(), TimeUnit.MILLISECONDS)) {
                var now = readState();
                if (!now.equals(last)) {
                    last = now;
                    listener.accept(this);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What does not respond is a state, too: pages say so.
    private String readState() {
        try {
            return topic.state().get();
        } catch (RuntimeException failure) {
            var reason = FailureDescription.of(failure);
            log.debug("topic {} could not be read: {}", topic.name(), reason);
            return "unavailable: " + reason;
        }
    }
}
