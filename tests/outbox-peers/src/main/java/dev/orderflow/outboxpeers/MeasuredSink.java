package dev.orderflow.outboxpeers;

import dev.orderflow.outbox.testkit.KitTarget.KitResult;
import dev.orderflow.outbox.testkit.KitTarget.KitTargetException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

/// A target that accepts everything, in the same time for all outboxes, and counts it. A call takes
/// up to ten events and 5 ms, in this process or over HTTP with the AWS SDK.
final class MeasuredSink implements PeerSink, AutoCloseable {

    private static final Duration LATENCY = Duration.ofMillis(5);
    private static final int MAX_LATENCIES = 1 << 20;

    private final Semaphore calls = new Semaphore(MAX_CALLS);
    private final @Nullable EventBridgeClient bus;
    private final LongAdder callCount = new LongAdder();
    private final LongAdder sentCount = new LongAdder();
    private final AtomicInteger outOfSequence = new AtomicInteger();
    private final AtomicInteger repeats = new AtomicInteger();
    private final Map<String, Long> lastOfKey = new ConcurrentHashMap<>();
    private final Map<String, Long> committedAt = new ConcurrentHashMap<>();
    private final long[] latencies = new long[MAX_LATENCIES];
    private final AtomicInteger latencyCount = new AtomicInteger();

    /// @param url of EventBridge; null for a sink in this process
    MeasuredSink(@Nullable URI url) {
        bus =
                url == null
                        ? null
                        : EventBridgeClient.builder()
                                .endpointOverride(url)
                                .region(Region.US_EAST_1)
                                .credentialsProvider(
                                        StaticCredentialsProvider.create(
                                                AwsBasicCredentials.create("bench", "bench")))
                                .build();
    }

    @Override
    public List<KitResult> publish(List<PeerEvent> events) {
        try {
            calls.acquire();
            try {
                call(events);
            } finally {
                calls.release();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new KitTargetException("interrupted");
        }
        long now = System.nanoTime();
        callCount.increment();
        sentCount.add(events.size());
        events.forEach(event -> record(event, now));
        return events.stream().map(_ -> KitResult.ACCEPTED).toList();
    }

    private void call(List<PeerEvent> events) throws InterruptedException {
        if (bus == null) {
            Thread.sleep(LATENCY);
            return;
        }
        var response =
                bus.putEvents(
                        request ->
                                request.entries(
                                        events.stream()
                                                .map(
                                                        event ->
                                                                PutEventsRequestEntry.builder()
                                                                        .eventBusName("bench")
                                                                        .source("bench")
                                                                        .detailType("Measured")
                                                                        .detail(event.payload())
                                                                        .build())
                                                .toList()));
        if (response.failedEntryCount() > 0) {
            throw new KitTargetException("an entry failed");
        }
    }

    private void record(PeerEvent event, long now) {
        // The id is a number that grows with each event of the key.
        long number = Long.parseLong(event.id().substring(event.id().lastIndexOf('/') + 1));
        lastOfKey.merge(
                event.key(),
                number,
                (last, next) -> {
                    if (next.equals(last)) {
                        repeats.incrementAndGet();
                    } else if (next < last) {
                        outOfSequence.incrementAndGet();
                    }
                    return Math.max(last, next);
                });
        var committed = committedAt.remove(event.id());
        if (committed != null) {
            int at = latencyCount.getAndIncrement();
            if (at < MAX_LATENCIES) {
                latencies[at] = now - committed;
            }
        }
    }

    /// Measures how long it takes from the commit of an event until it is accepted. Called before
    /// its transaction.
    void expect(String id) {
        committedAt.put(id, System.nanoTime());
    }

    /// The event was committed. It may be accepted already; then the time of its transaction is
    /// part of its latency.
    void onCommitted(String id) {
        committedAt.computeIfPresent(id, (_, _) -> System.nanoTime());
    }

    long sent() {
        return sentCount.sum();
    }

    long calls() {
        return callCount.sum();
    }

    int outOfSequence() {
        return outOfSequence.get();
    }

    int repeats() {
        return repeats.get();
    }

    /// The latencies since the last call, in ascending order, in nanoseconds.
    long[] takeLatencies() {
        var sorted = Arrays.copyOf(latencies, Math.min(latencyCount.getAndSet(0), MAX_LATENCIES));
        Arrays.sort(sorted);
        committedAt.clear();
        return sorted;
    }

    @Override
    public void close() {
        if (bus != null) {
            bus.close();
        }
    }
}
