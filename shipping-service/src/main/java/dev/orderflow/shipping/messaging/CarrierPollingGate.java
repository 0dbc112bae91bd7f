package dev.orderflow.shipping.messaging;

import dev.orderflow.defaults.delivery.PollingGate;
import dev.orderflow.shipping.shipment.CarrierCircuitBreaker;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// Polls the queue of shipping requests as far as the carrier's circuit breaker permits: no
/// requests while it is open, one at a time while it is half-open. Cancellations do not need the
/// carrier and are always polled.
@Component
final class CarrierPollingGate implements PollingGate {

    private final CarrierCircuitBreaker circuitBreaker;
    private final String requestsQueue;

    CarrierPollingGate(
            CarrierCircuitBreaker circuitBreaker,
            @Value("${orderflow.shipping.queues.shipping-requests}") String requestsQueue) {
        this.circuitBreaker = circuitBreaker;
        this.requestsQueue = requestsQueue;
    }

    @Override
    public int grant(String queue, int requested, int inFlight) {
        if (!queue.equals(requestsQueue)) {
            return requested;
        }
        return switch (circuitBreaker.state()) {
            case CLOSED -> requested;
            case HALF_OPEN -> inFlight == 0 ? 1 : 0;
            case OPEN -> 0;
        };
    }

    @Override
    public boolean isPaused(String queue) {
        return queue.equals(requestsQueue)
                && circuitBreaker.state() != CarrierCircuitBreaker.CircuitState.CLOSED;
    }
}
