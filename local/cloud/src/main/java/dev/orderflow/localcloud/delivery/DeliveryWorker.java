package dev.orderflow.localcloud.delivery;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings parcels, each on a virtual thread of its own, so that one slow place delays no other and
/// whoever hands a parcel in does not wait.
///
/// Only so many attempts are made at one place at a time, first come first served: a burst of
/// thousands of events would otherwise open as many connections.
public final class DeliveryWorker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeliveryWorker.class);

    private static final int AT_ONE_PLACE = 32;

    private final CloudClock clock;
    private final Duration drainTime;
    private final ExecutorService threads;
    private final Map<String, Semaphore> lanes = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final LongAdder taken = new LongAdder();
    private final LongAdder settled = new LongAdder();

    /// @param name of the threads
    /// @param drainTime how long closing waits, on the wall clock, for what is under way
    public DeliveryWorker(String name, CloudClock clock, Duration drainTime) {
        this.clock = clock;
        this.drainTime = drainTime;
        this.threads =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name, 0).factory());
    }

    /// Takes a parcel and returns at once.
    ///
    /// @throws AwsErrorException `ServiceUnavailable` when the cloud is closing
    public void take(PendingDelivery parcel) {
        try {
            threads.execute(
                    () -> {
                        try {
                            bring(parcel);
                        } finally {
                            settled.increment();
                        }
                    });
            taken.increment();
        } catch (RejectedExecutionException _) {
            throw AwsErrorException.withStatus(503, "ServiceUnavailable", "local-cloud is closing");
        }
    }

    private void bring(PendingDelivery parcel) {
        Instant deadline = clock.instant().plus(parcel.patience().oldest());
        boolean last = false;
        for (int retry = 0; ; retry++) {
            switch (tryOnce(parcel, retry)) {
                case DeliveryAttempt.Delivered _ -> {
                    return;
                }
                case DeliveryAttempt.PermanentFailure(var code, var message) -> {
                    giveUp(
                            parcel,
                            new Exhausted(
                                    code, message, retry, Exhausted.ExhaustionReason.REFUSED));
                    return;
                }
                case DeliveryAttempt.RetryableFailure(var code, var message) -> {
                    var left = Duration.between(clock.instant(), deadline);
                    Exhausted.ExhaustionReason cause = null;
                    if (last) {
                        cause = Exhausted.ExhaustionReason.CLOSING;
                    } else if (retry >= parcel.patience().mostRetries()) {
                        cause = Exhausted.ExhaustionReason.RETRIES_USED;
                    } else if (!left.isPositive()) {
                        cause = Exhausted.ExhaustionReason.TOO_OLD;
                    }
                    if (cause != null) {
                        giveUp(parcel, new Exhausted(code, message, retry, cause));
                        return;
                    }
                    var pause = parcel.patience().pause().apply(retry + 1);
                    last = closesWithin(pause.compareTo(left) < 0 ? pause : left);
                }
            }
        }
    }

    private DeliveryAttempt tryOnce(PendingDelivery parcel, int retry) {
        var lane = lanes.computeIfAbsent(parcel.lane(), _ -> new Semaphore(AT_ONE_PLACE, true));
        try {
            lane.acquire();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new DeliveryAttempt.RetryableFailure("INTERNAL_ERROR", "local-cloud is closing");
        }
        try {
            return parcel.attempt(retry);
        } catch (RuntimeException e) {
            log.warn("{} failed unexpectedly", parcel.label(), e);
            return new DeliveryAttempt.RetryableFailure(
                    "INTERNAL_ERROR", String.valueOf(e.getMessage()));
        } finally {
            lane.release();
        }
    }

    private static void giveUp(PendingDelivery parcel, Exhausted why) {
        try {
            parcel.givenUp(why);
        } catch (RuntimeException e) {
            log.error("{} is lost: {}, and that could not be recorded", parcel.label(), why, e);
        }
    }

    /// Waits for a span of the cloud's time.
    ///
    /// @return whether the cloud began to close meanwhile
    public boolean closesWithin(Duration cloudTime) {
        try {
            return closing.await(clock.real(cloudTime).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// How many parcels are under way or waiting for a retry.
    public long underWay() {
        return taken.sum() - settled.sum();
    }

    /// Brings what is under way: whatever waits for a retry is tried once more at once.
    @Override
    public void close() {
        closing.countDown();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(drainTime.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("{} deliveries were still under way at the end", underWay());
                threads.shutdownNow();
            }
        } catch (InterruptedException _) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
