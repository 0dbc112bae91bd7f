package dev.orderflow.defaults.messaging;

import dev.orderflow.defaults.delivery.PollingGate;
import io.awspring.cloud.sqs.listener.backpressure.BackPressureHandler;
import java.time.Duration;
import java.util.List;

/// Lets a queue be polled as far as all gates let it.
///
/// Better than stopping the container: nothing has to start it again.
///
/// A queue in which there was nothing is asked by one poll at a time, for each costs, and a stop
/// waits for all of them.
final class GatedBackPressureHandler implements BackPressureHandler {

    private final String queue;
    private final List<PollingGate> gates;
    private int inHand;
    private int polls;
    private boolean isEmpty = true;

    GatedBackPressureHandler(String queue, List<PollingGate> gates) {
        this.queue = queue;
        this.gates = gates;
    }

    @Override
    public synchronized int request(int wanted) {
        if (isEmpty && polls > 0) {
            return 0;
        }
        int granted = wanted;
        for (var gate : gates) {
            if (granted > 0) {
                granted = gate.grant(queue, granted, inHand);
            }
        }
        if (granted > 0) {
            inHand += granted;
            polls++;
        }
        return granted;
    }

    @Override
    public synchronized void release(int permits, ReleaseReason reason) {
        inHand = Math.max(0, inHand - permits);
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

    /// What is in hand is waited for by the handler that counts it for good.
    @Override
    public boolean drain(Duration timeout) {
        return true;
    }
}
