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
    public void submit(PendingDelivery delivery) {
        try {
            threads.execute(
                    () -> {
                        try {
                            deliver(delivery);
                        } finally {
                            finished.increment();
                        }
                    });
            submitted.increment();
        } catch (RejectedExecutionException _) {
            throw AwsErrorException.withStatus(
                    503, "ServiceUnavailable", "local-cloud is shutting down");
        }
    }

    private void deliver(PendingDelivery delivery) {
        Instant deadline = clock.instant().plus(delivery.retryPolicy().maxAge());
        boolean last = false;
        for (int retry = 0; ; retry++) {
            switch (attemptOnce(delivery, retry)) {
                case DeliveryAttempt.Delivered _ -> {
                    return;
                }
                case DeliveryAttempt.PermanentFailure(var code, var message) -> {
                    reportExhausted(
                            delivery,
                            new Exhausted(
                                    code,
                                    message,
                                    retry,
                                    Exhausted.ExhaustionReason.PERMANENT_FAILURE));
                    return;
                }
                case DeliveryAttempt.RetryableFailure(var code, var message) -> {
                    var left = Duration.between(clock.instant(), deadline);
                    Exhausted.ExhaustionReason reason = null;
                    if (last) {
                        reason = Exhausted.ExhaustionReason.CLOSING;
                    } else if (retry >= delivery.retryPolicy().maxRetries()) {
                        reason = Exhausted.ExhaustionReason.RETRIES_USED;
                    } else if (!left.isPositive()) {
                        reason = Exhausted.ExhaustionReason.EXPIRED;
                    }
                    if (reason != null) {
                        reportExhausted(delivery, new Exhausted(code, message, retry, reason));
                        return;
                    }
                    var wait = delivery.retryPolicy().backoff().apply(retry + 1);
                    last = awaitClosing(wait.compareTo(left) < 0 ? wait : left);
                }
            }
        }
    }

    private DeliveryAttempt attemptOnce(PendingDelivery delivery, int retry) {
        var permits =
                permitsByDestination.computeIfAbsent(
                        delivery.destinationKey(),
                        _ -> new Semaphore(MAX_CONCURRENT_PER_DESTINATION, true));
        try {
            permits.acquire();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new DeliveryAttempt.RetryableFailure(
                    "INTERNAL_ERROR", "local-cloud is shutting down");
        }
        try {
            return delivery.attempt(retry);
        } catch (RuntimeException e) {
            log.warn("{}: attempt failed with an unexpected exception", delivery.description(), e);
            return new DeliveryAttempt.RetryableFailure(
                    "INTERNAL_ERROR", String.valueOf(e.getMessage()));
        } finally {
            permits.release();
        }
    }

    private static void reportExhausted(PendingDelivery delivery, Exhausted exhausted) {
        try {
            delivery.onExhausted(exhausted);
        } catch (RuntimeException e) {
            log.error(
                    "{} is lost after {}: handling its exhaustion failed",
                    delivery.description(),
                    exhausted,
                    e);
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
                log.warn("closed with {} deliveries still pending", pendingCount());
                threads.shutdownNow();
            }
        } catch (InterruptedException _) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
