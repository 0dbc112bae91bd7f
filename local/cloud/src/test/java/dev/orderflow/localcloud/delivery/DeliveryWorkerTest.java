package dev.orderflow.localcloud.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localcloud.time.CloudClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class DeliveryWorkerTest {

    private static final DeliveryAttempt FAILED = new DeliveryAttempt.RetryableFailure("E", "e");

    private final List<Exhausted> exhausted = new CopyOnWriteArrayList<>();

    private PendingDelivery delivery(
            String destination, int retries, IntFunction<DeliveryAttempt> attempt) {
        return delivery(
                destination,
                new RetryPolicy(retries, Duration.ofDays(1), _ -> Duration.ofSeconds(10)),
                attempt);
    }

    private PendingDelivery delivery(
            String destination, RetryPolicy retryPolicy, IntFunction<DeliveryAttempt> attempt) {
        return new PendingDelivery() {
            @Override
            public String description() {
                return "delivery";
            }

            @Override
            public String destinationKey() {
                return destination;
            }

            @Override
            public RetryPolicy retryPolicy() {
                return retryPolicy;
            }

            @Override
            public DeliveryAttempt attempt(int retry) {
                return attempt.apply(retry);
            }

            @Override
            public void onExhausted(Exhausted reason) {
                exhausted.add(reason);
            }
        };
    }

    private static DeliveryWorker worker(CloudClock clock) {
        return new DeliveryWorker("test-", clock, Duration.ofSeconds(5));
    }

    @Test
    void attemptsAgainstOneDestinationAreLimited() {
        var running = new AtomicInteger();
        var concurrentAttempts = new ConcurrentLinkedQueue<Integer>();
        try (var worker = worker(new CloudClock(1))) {
            for (int n = 0; n < 500; n++) {
                worker.submit(
                        delivery(
                                "destination",
                                0,
                                _ -> {
                                    concurrentAttempts.add(running.incrementAndGet());
                                    Thread.yield();
                                    running.decrementAndGet();
                                    return new DeliveryAttempt.Delivered();
                                }));
            }
        }
        assertThat(concurrentAttempts).hasSize(500).allMatch(count -> count <= 32);
    }

    @Test
    void aBlockedDestinationDelaysNoOther() {
        var unblock = new CountDownLatch(1);
        var arrived = new AtomicInteger();
        try (var worker = worker(new CloudClock(1))) {
            for (int n = 0; n < 100; n++) {
                worker.submit(
                        delivery(
                                "blocked",
                                0,
                                _ -> {
                                    try {
                                        unblock.await();
                                    } catch (InterruptedException _) {
                                        Thread.currentThread().interrupt();
                                    }
                                    return new DeliveryAttempt.Delivered();
                                }));
            }
            worker.submit(
                    delivery(
                            "free",
                            0,
                            _ -> {
                                arrived.incrementAndGet();
                                return new DeliveryAttempt.Delivered();
                            }));
            await().until(() -> arrived.get() == 1);
            assertThat(worker.pendingCount()).isEqualTo(100);
            unblock.countDown();
        }
    }

    @Test
    void waitsBetweenAttemptsAreMeasuredInCloudTime() {
        // On the wall clock the five waits of a day would never end.
        var clock = new CloudClock(1_000_000);
        var attemptTimes = new CopyOnWriteArrayList<Instant>();
        try (var worker = worker(clock)) {
            worker.submit(
                    delivery(
                            "destination",
                            new RetryPolicy(5, Duration.ofDays(3_650), _ -> Duration.ofDays(1)),
                            _ -> {
                                attemptTimes.add(clock.instant());
                                return FAILED;
                            }));
            await().until(() -> !exhausted.isEmpty());
        }
        assertThat(exhausted)
                .containsExactly(
                        new Exhausted("E", "e", 5, Exhausted.ExhaustionReason.RETRIES_USED));
        assertThat(attemptTimes).hasSize(6);
        for (int retry = 1; retry < attemptTimes.size(); retry++) {
            assertThat(Duration.between(attemptTimes.get(retry - 1), attemptTimes.get(retry)))
                    .isGreaterThan(Duration.ofHours(23));
        }
    }

    @Test
    void anAttemptThatThrowsIsRetriedLikeAFailedOne() {
        try (var worker = worker(new CloudClock(1_000))) {
            worker.submit(
                    delivery(
                            "destination",
                            1,
                            retry -> {
                                if (retry == 0) {
                                    throw new IllegalStateException("bug");
                                }
                                return new DeliveryAttempt.PermanentFailure("NO", "never");
                            }));
        }
        assertThat(exhausted)
                .containsExactly(
                        new Exhausted(
                                "NO", "never", 1, Exhausted.ExhaustionReason.PERMANENT_FAILURE));
    }

    @Test
    void aDeliveryThatStillFailsWhileClosingIsExhausted() {
        var attempts = new AtomicInteger();
        var worker = worker(new CloudClock(1));
        worker.submit(
                delivery(
                        "destination",
                        100,
                        _ -> {
                            attempts.incrementAndGet();
                            return FAILED;
                        }));
        await().until(() -> attempts.get() == 1);

        worker.close();

        assertThat(attempts).hasValue(2);
        assertThat(exhausted)
                .containsExactly(new Exhausted("E", "e", 1, Exhausted.ExhaustionReason.CLOSING));
    }
}
