package dev.orderflow.defaults.messaging;

import dev.orderflow.defaults.delivery.PollingGate;
import io.awspring.cloud.sqs.listener.backpressure.BackPressureHandler;
import java.time.Duration;
import java.util.List;

/// Limits the polling of a queue by all gates.
///
/// Unlike a stopped container, it needs nothing to start it again.
///
/// An empty queue is polled by one request at a time, because each request costs money and a
/// shutdown waits for all of them.
final class GatedBackPressureHandler implements BackPressureHandler {

    private final String queue;
    private final List<PollingGate> gates;
    private int inFlight;
    private int polls;
    private boolean isEmpty = true;

    GatedBackPressureHandler(String queue, List<PollingGate> gates) {
        this.queue = queue;
        this.gates = gates;
    }

    @Override
    public synchronized int request(int requested) {
        if (isEmpty && polls > 0) {
            return 0;
        }
        int granted = requested;
        for (var gate : gates) {
            if (granted > 0) {
                granted = gate.grant(queue, granted, inFlight);
            }
        }
        if (granted > 0) {
            inFlight += granted;
            polls++;
        }
        return granted;
    }

    @Override
    public synchronized void release(int permits, ReleaseReason reason) {
        inFlight = Math.max(0, inFlight - permits);
        switch (reason) {
            case NONE_FETCHED -> pollEnded(true);
            case PARTIAL_FETCH -> pollEnded(false);
            case LIMITED, PROCESSED -> {}
        }
    }

    private void pollEnded(boolean fetchedNothing) {
        polls = Math.max(0, polls - 1);
        isEmpty = fetchedNothing;
    }

    /// The concurrency limiter waits for the messages in progress.
    @Override
    public boolean drain(Duration timeout) {
        return true;
    }
}
