package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.RelayObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// Counts what the relays of this process do.
final class MeteredRelayObserver implements RelayObserver {

    private final Counter published;
    private final Counter rejected;
    private final Counter retried;
    private final Counter parked;
    private final Counter failedCalls;

    MeteredRelayObserver(MeterRegistry meters) {
        published = events("published", meters);
        rejected = events("rejected", meters);
        retried = events("retried", meters);
        parked = events("parked", meters);
        failedCalls =
                Counter.builder("outbox.calls.failed")
                        .description(
                                "calls that the target did not take: unavailable, throttled or blocked")
                        .register(meters);
    }

    private static Counter events(String outcome, MeterRegistry meters) {
        return Counter.builder("outbox.events")
                .description(
                        "events that were published, rejected, retried or parked, repeats included")
                .tag("outcome", outcome)
                .register(meters);
    }

    @Override
    public void onPublished(int events) {
        published.increment(events);
    }

    @Override
    public void onRejected() {
        rejected.increment();
    }

    @Override
    public void onRetried(int events) {
        retried.increment(events);
    }

    @Override
    public void onParked() {
        parked.increment();
    }

    @Override
    public void onCallFailed() {
        failedCalls.increment();
    }
}
