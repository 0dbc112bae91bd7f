package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.outbox.OutboxTarget.PublishResult;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// A call of the target that returns only when the test releases it.
final class HeldCall implements Function<List<OutboxEvent>, PublishResult> {

    private final Function<List<OutboxEvent>, PublishResult> result;
    private final CountDownLatch called = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    HeldCall(Function<List<OutboxEvent>, PublishResult> result) {
        this.result = result;
    }

    @Override
    public PublishResult apply(List<OutboxEvent> events) {
        called.countDown();
        try {
            released.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return result.apply(events);
    }

    /// Waits until the relay has made the call.
    void awaitCall() throws InterruptedException {
        assertThat(called.await(2, TimeUnit.MINUTES)).isTrue();
    }

    /// Lets the call, and all later ones, return.
    void release() {
        released.countDown();
    }
}
