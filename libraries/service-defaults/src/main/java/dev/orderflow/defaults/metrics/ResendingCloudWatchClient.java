package dev.orderflow.defaults.metrics;

import dev.orderflow.defaults.aws.AwsFailures;
import dev.orderflow.defaults.problem.FailureDescription;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;

/// Sends metric data that CloudWatch could not accept again, after the next request that succeeds.
/// The data keep their timestamps; CloudWatch accepts those of the last two weeks.
///
/// Guarantee: data reach CloudWatch at least once. A request whose response was lost counts twice:
/// an alarm that comes once too often is better than one that does not come. Limits: the last
/// [#MAX_KEPT] requests are kept, in memory; a request that CloudWatch rejects is not repeated.
final class ResendingCloudWatchClient implements CloudWatchAsyncClient {

    /// An hour of an instance, which sends one request a minute.
    static final int MAX_KEPT = 60;

    private static final Logger log = LoggerFactory.getLogger(ResendingCloudWatchClient.class);

    private final CloudWatchAsyncClient client;
    private final Deque<PutMetricDataRequest> kept = new ArrayDeque<>();

    ResendingCloudWatchClient(CloudWatchAsyncClient client) {
        this.client = client;
    }

    /// Completes after the kept requests were sent again, so that the last publication of a process
    /// waits for them.
    @Override
    public CompletableFuture<PutMetricDataResponse> putMetricData(PutMetricDataRequest request) {
        return client.putMetricData(request)
                .whenComplete(
                        (_, failure) -> {
                            if (failure != null && isOutage(request, failure)) {
                                keepLast(request);
                            }
                        })
                .thenCompose(response -> resend().thenApply(_ -> response));
    }

    /// Sends the kept requests, the oldest first, until CloudWatch is unavailable again.
    ///
    /// @return completes with whether none is left
    private CompletableFuture<Boolean> resend() {
        var oldest = takeOldest();
        if (oldest == null) {
            return CompletableFuture.completedFuture(true);
        }
        return client.putMetricData(oldest)
                .handle(
                        (_, failure) -> {
                            if (failure == null) {
                                log.info("metric data of {} were published late", time(oldest));
                                return true;
                            }
                            if (isOutage(oldest, failure)) {
                                keepFirst(oldest);
                                return false;
                            }
                            return true;
                        })
                .thenCompose(
                        isAvailable ->
                                isAvailable ? resend() : CompletableFuture.completedFuture(false));
    }

    private static boolean isOutage(PutMetricDataRequest request, Throwable failure) {
        if (AwsFailures.findOutage(failure).isPresent()) {
            return true;
        }
        log.warn(
                "metric data of {} are lost, CloudWatch rejected them: {}",
                time(request),
                FailureDescription.of(failure));
        return false;
    }

    private synchronized void keepLast(PutMetricDataRequest request) {
        kept.addLast(request);
        dropOldestAboveLimit();
    }

    private synchronized void keepFirst(PutMetricDataRequest request) {
        kept.addFirst(request);
        dropOldestAboveLimit();
    }

    private void dropOldestAboveLimit() {
        while (kept.size() > MAX_KEPT) {
            log.warn(
                    "metric data of {} are lost, {} later requests to CloudWatch failed, too",
                    time(kept.removeFirst()),
                    MAX_KEPT);
        }
    }

    private synchronized @Nullable PutMetricDataRequest takeOldest() {
        return kept.pollFirst();
    }

    private static String time(PutMetricDataRequest request) {
        return request.metricData().isEmpty()
                ? "no time"
                : String.valueOf(request.metricData().getFirst().timestamp());
    }

    @Override
    public String serviceName() {
        return client.serviceName();
    }

    @Override
    public void close() {
        client.close();
    }
}
