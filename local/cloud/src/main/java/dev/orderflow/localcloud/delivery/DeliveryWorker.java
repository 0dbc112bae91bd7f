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

/// Runs deliveries, each on its own virtual thread, so that a slow destination delays no other and
/// the submitting thread does not wait.
///
/// At most [#MAX_CONCURRENT_PER_DESTINATION] attempts run against one destination at a time, in
/// order of submission. Without the limit a burst of thousands of events would open as many
/// connections.
public final class DeliveryWorker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeliveryWorker.class);

    private static final int MAX_CONCURRENT_PER_DESTINATION = 32;

    private final CloudClock clock;
    private final Duration drainTime;
    private final ExecutorService threads;
    private final Map<String, Semaphore> permitsByDestination = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final LongAdder submitted = new LongAdder();
    private final LongAdder finished = new LongAdder();

    /// @param name name prefix of the threads
    /// @param drainTime how long [#close()] waits, in wall-clock time, for running deliveries
    public DeliveryWorker(String name, CloudClock clock, Duration drainTime) {
        this.clock = clock;
        this.drainTime = drainTime;
        this.threads =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name, 0).factory());
    }

    /// Submits a delivery and returns at once.
    ///
    /// @throws AwsErrorException `ServiceUnavailable` when the cloud is closing
    public void submit(PendingDelivery parcel) {
        try {
            threads.execute(
                    () -> {
                        try {
                            deliver(parcel);
                        } finally {
                            finished.increment();
                        }
                    });
            submitted.increment();
        } catch (RejectedExecutionException _) {
            throw AwsErrorException.withStatus(503, "ServiceUnavailable", "local-cloud is closing");
        }
    }

    private void deliver(PendingDelivery parcel) {
        Instant deadline = clock.instant().plus(parcel.retryPolicy().maxAge());
        boolean last = false;
        for (int retry = 0; ; retry++) {
            switch (attemptOnce(parcel, retry)) {
                case DeliveryAttempt.Delivered _ -> {
                    return;
                }
                case DeliveryAttempt.PermanentFailure(var code, var message) -> {
                    reportExhausted(
                            parcel,
                            new Exhausted(
                                    code,
                                    message,
                                    retry,
                                    Exhausted.ExhaustionReason.PERMANENT_FAILURE));
                    return;
                }
                case DeliveryAttempt.RetryableFailure(var code, var message) -> {
                    var left = Duration.between(clock.instant(), deadline);
                    Exhausted.ExhaustionReason cause = null;
                    if (last) {
                        cause = Exhausted.ExhaustionReason.CLOSING;
                    } else if (retry >= parcel.retryPolicy().maxRetries()) {
                        cause = Exhausted.ExhaustionReason.RETRIES_USED;
                    } else if (!left.isPositive()) {
                        cause = Exhausted.ExhaustionReason.EXPIRED;
                    }
                    if (cause != null) {
                        reportExhausted(parcel, new Exhausted(code, message, retry, cause));
                        return;
                    }
                    var pause = parcel.retryPolicy().backoff().apply(retry + 1);
                    last = awaitClosing(pause.compareTo(left) < 0 ? pause : left);
                }
            }
        }
    }

    private DeliveryAttempt attemptOnce(PendingDelivery parcel, int retry) {
        var lane =
                permitsByDestination.computeIfAbsent(
                        parcel.destinationKey(),
                        _ -> new Semaphore(MAX_CONCURRENT_PER_DESTINATION, true));
        try {
            lane.acquire();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new DeliveryAttempt.RetryableFailure("INTERNAL_ERROR", "local-cloud is closing");
        }
        try {
            return parcel.attempt(retry);
        } catch (RuntimeException e) {
            log.warn("{} failed unexpectedly", parcel.description(), e);
            return new DeliveryAttempt.RetryableFailure(
                    "INTERNAL_ERROR", String.valueOf(e.getMessage()));
        } finally {
            lane.release();
        }
    }

    private static void reportExhausted(PendingDelivery parcel, Exhausted why) {
        try {
            parcel.onExhausted(why);
        } catch (RuntimeException e) {
            log.error(
                    "{} is lost: {}, and that could not be recorded", parcel.description(), why, e);
        }
    }

    /// Waits for a duration of cloud time, or until the worker closes.
    ///
    /// @return whether the worker began to close during the wait
    public boolean awaitClosing(Duration cloudTime) {
        try {
            return closing.await(clock.toWallTime(cloudTime).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// The number of deliveries that are running or waiting for a retry.
    public long pendingCount() {
        return submitted.sum() - finished.sum();
    }

    /// Stops accepting deliveries. Every delivery that waits for a retry gets one more attempt
    /// immediately, then fails with [Exhausted.ExhaustionReason#CLOSING].
    @Override
    public void close() {
        closing.countDown();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(drainTime.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("{} deliveries were still under way at the end", pendingCount());
                threads.shutdownNow();
            }
        } catch (InterruptedException _) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
