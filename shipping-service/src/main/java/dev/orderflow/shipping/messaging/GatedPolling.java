package dev.orderflow.shipping.messaging;

import dev.orderflow.shipping.arrangement.OutageGate;
import io.awspring.cloud.sqs.listener.backpressure.BackPressureHandler;
import java.time.Duration;

/// Lets a queue be polled as far as the outage gate is passable: not at all while the carrier is
/// away, then for one message at a time.
///
/// Better than stopping the container: a message that is not received uses up none of its receives,
/// and nothing has to start the container again.
final class GatedPolling implements BackPressureHandler {

    private final OutageGate gate;
    private int underWay;

    GatedPolling(OutageGate gate) {
        this.gate = gate;
    }

    @Override
    public synchronized int request(int wanted) {
        int granted =
                switch (gate.traffic()) {
                    case FREE -> wanted;
                    case ONE_PROBE -> underWay == 0 ? 1 : 0;
                    case BLOCKED -> 0;
                };
        underWay += granted;
        return granted;
    }

    @Override
    public synchronized void release(int permits, ReleaseReason reason) {
        underWay = Math.max(0, underWay - permits);
    }

    /// What is under way is waited for by the handler that counts it for good.
    @Override
    public boolean drain(Duration timeout) {
        return true;
    }
}
