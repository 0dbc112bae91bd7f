package dev.orderflow.shipping.messaging;

import dev.orderflow.defaults.delivery.PollingGate;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.arrangement.OutageGate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// Lets shipments be received as far as the carrier's circuit breaker lets them through: none while
/// the carrier is away, then one at a time. Cancellations need no carrier and are always received.
@Component
final class CarrierPollingGate implements PollingGate {

    private final OutageGate gate;
    private final String requestsQueue;

    @Autowired
    CarrierPollingGate(OutageGate gate, ShippingProperties properties) {
        this(gate, properties.requestsQueue());
    }

    CarrierPollingGate(OutageGate gate, String requestsQueue) {
        this.gate = gate;
        this.requestsQueue = requestsQueue;
    }

    @Override
    public int grant(String queue, int wanted, int inHand) {
        if (!queue.equals(requestsQueue)) {
            return wanted;
        }
        return switch (gate.traffic()) {
            case FREE -> wanted;
            case ONE_PROBE -> inHand == 0 ? 1 : 0;
            case BLOCKED -> 0;
        };
    }
}
