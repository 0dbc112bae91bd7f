package dev.orderflow.localcloud.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localcloud.time.CloudClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class DeliveryWorkerTest {

    private static final DeliveryAttempt FAILED = new DeliveryAttempt.RetryableFailure("E", "e");

    private final List<Exhausted> givenUp = new CopyOnWriteArrayList<>();

    private PendingDelivery parcel(String lane, int retries, IntFunction<DeliveryAttempt> attempt) {
        return new PendingDelivery() {
            @Override
            public String description() {
                return "parcel";
            }

            @Override
            public String destinationKey() {
                return lane;
            }

            @Override
            public RetryPolicy retryPolicy() {
                return new RetryPolicy(retries, Duration.ofDays(1), _ -> Duration.ofSeconds(10));
            }

            @Override
            public DeliveryAttempt attempt(int retry) {
                return attempt.apply(retry);
            }

            @Override
            public void onExhausted(Exhausted why) {
                givenUp.add(why);
            }
        };
    }

    private static DeliveryWorker courier(double factor) {
        return new DeliveryWorker("test-", new CloudClock(factor), Duration.ofSeconds(5));
    }

    @Test
    void onlySoManyAttemptsAreMadeAtOnePlaceAtATime() {
        var inside = new AtomicInteger();
        var most = new ConcurrentLinkedQueue<Integer>();
        try (var courier = courier(1)) {
            for (int n = 0; n < 500; n++) {
                courier.submit(
                        parcel(
                                "here",
                                0,
                                _ -> {
                                    most.add(inside.incrementAndGet());
                                    Thread.yield();
                                    inside.decrementAndGet();
                                    return new DeliveryAttempt.Delivered();
                                }));
            }
        }
        assertThat(most).hasSize(500).allMatch(now -> now <= 32);
    }

    @Test
    void aPlaceThatTakesNothingHoldsUpNoOther() {
        var door = new CountDownLatch(1);
        var arrived = new AtomicInteger();
        try (var courier = courier(1)) {
            for (int n = 0; n < 100; n++) {
                courier.submit(
                        parcel(
                                "stuck",
                                0,
                                _ -> {
                                    try {
                                        door.await();
                                    } catch (InterruptedException _) {
                                        Thread.currentThread().interrupt();
                                    }
                                    return new DeliveryAttempt.Delivered();
                                }));
            }
            courier.submit(
                    parcel(
                            "free",
                            0,
                            _ -> {
                                arrived.incrementAndGet();
                                return new DeliveryAttempt.Delivered();
                            }));
            await().until(() -> arrived.get() == 1);
            assertThat(courier.pendingCount()).isEqualTo(100);
            door.countDown();
        }
    }

    @Test
    void pausesFollowTheCloudsClock() {
        var tries = new AtomicInteger();
        long before = System.nanoTime();
        try (var courier = courier(1_000)) {
            courier.submit(
                    parcel(
                            "here",
                            20,
                            _ -> {
                                tries.incrementAndGet();
                                return FAILED;
                            }));
            await().until(() -> !givenUp.isEmpty());
        }
        assertThat(tries).hasValue(21);
        assertThat(givenUp)
                .containsExactly(
                        new Exhausted("E", "e", 20, Exhausted.ExhaustionReason.RETRIES_USED));
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("200 s of the cloud's time")
                .isBetween(Duration.ofMillis(200), Duration.ofSeconds(20));
    }

    @Test
    void anAttemptThatThrowsIsRetriedLikeOneThatFailed() {
        try (var courier = courier(1_000)) {
            courier.submit(
                    parcel(
                            "here",
                            1,
                            retry -> {
                                if (retry == 0) {
                                    throw new IllegalStateException("bug");
                                }
                                return new DeliveryAttempt.PermanentFailure("NO", "never");
                            }));
        }
        assertThat(givenUp)
                .containsExactly(
                        new Exhausted(
                                "NO", "never", 1, Exhausted.ExhaustionReason.PERMANENT_FAILURE));
    }

    @Test
    void whatStillFailsAtTheCloseIsGivenUp() {
        var tries = new AtomicInteger();
        var courier = courier(1);
        courier.submit(
                parcel(
                        "here",
                        100,
                        _ -> {
                            tries.incrementAndGet();
                            return FAILED;
                        }));
        await().until(() -> tries.get() == 1);

        courier.close();

        assertThat(tries).hasValue(2);
        assertThat(givenUp)
                .containsExactly(new Exhausted("E", "e", 1, Exhausted.ExhaustionReason.CLOSING));
    }
}
