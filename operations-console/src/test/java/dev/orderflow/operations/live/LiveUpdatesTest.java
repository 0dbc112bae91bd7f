package dev.orderflow.operations.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.operations.live.LiveUpdates.SubscribeResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.SmartLifecycle;

class LiveUpdatesTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final AtomicInteger reads = new AtomicInteger();
    private volatile String state = "first";
    private final LiveUpdates updates =
            new LiveUpdates(
                    name ->
                            name.equals("unknown")
                                    ? Optional.empty()
                                    : Optional.of(
                                            new LiveTopic(name, Duration.ofMillis(10), this::read)),
                    new LiveProperties(3, 2, LONG, LONG));

    private String read() {
        reads.incrementAndGet();
        if (state.equals("broken")) {
            throw new IllegalStateException("no connection");
        }
        return state;
    }

    @BeforeEach
    void start() {
        updates.start();
    }

    @AfterEach
    void stop() {
        updates.stop();
    }

    private LiveSubscription subscribe(String operator, String... topics) {
        return ((SubscribeResult.Subscribed) updates.subscribe(List.of(topics), operator))
                .subscription();
    }

    @Test
    void everySubscriptionOfATopicIsToldOfAChange() throws InterruptedException {
        try (var first = subscribe("ada", "a");
                var second = subscribe("ada", "a", "b")) {
            first.awaitReady();
            second.awaitReady();
            state = "second";
            assertThat(first.awaitChange(LONG)).isTrue();
            assertThat(second.awaitChange(LONG)).isTrue();
        }
    }

    @Test
    void aTopicThatCannotBeReadHasChangedAndIsReadAgain() throws InterruptedException {
        try (var subscription = subscribe("ada", "a")) {
            subscription.awaitReady();
            state = "broken";
            assertThat(subscription.awaitChange(LONG)).isTrue();
            state = "first";
            assertThat(subscription.awaitChange(LONG)).isTrue();
        }
    }

    @Test
    void nothingIsReadWithoutASubscription() throws InterruptedException {
        var first = subscribe("ada", "a");
        var second = subscribe("ada", "a");
        first.awaitReady();
        first.close();
        int before = reads.get();
        await().until(() -> reads.get() > before);
        second.close();
        second.close();
        assertThat(updates.count()).isZero();
        await().until(
                        () -> {
                            int now = reads.get();
                            Thread.sleep(100);
                            return reads.get() == now;
                        });
    }

    @Test
    void theStreamsOfAPersonAndOfAllAreBounded() {
        var first = subscribe("ada", "a");
        var second = subscribe("ada", "a");
        var third = subscribe("ada", "a");
        assertThat(first.isEnded()).isTrue();
        assertThat(second.isEnded() || third.isEnded()).isFalse();
        first.close();
        assertThat(updates.count()).isEqualTo(2);
        subscribe("bob", "a");
        assertThat(updates.subscribe(List.of("a"), "carl"))
                .isInstanceOf(SubscribeResult.NoStreamAvailable.class);
        second.close();
        subscribe("carl", "a");
        assertThat(updates.subscribe(List.of("a", "unknown"), "dave"))
                .isEqualTo(new SubscribeResult.UnknownTopic("unknown"));
    }

    @Test
    void aConsoleThatStopsEndsAllStreamsAtOnceAndOpensNone() throws InterruptedException {
        var subscription = subscribe("ada", "a");
        updates.stop();
        assertThat(subscription.awaitChange(LONG)).isTrue();
        assertThat(subscription.isEnded()).isTrue();
        assertThat(updates.subscribe(List.of("a"), "bob"))
                .isInstanceOf(SubscribeResult.NoStreamAvailable.class);
        // The web server, which waits for open requests, stops in a later phase.
        assertThat(updates.getPhase()).isGreaterThan(SmartLifecycle.DEFAULT_PHASE - 1024);
    }
}
