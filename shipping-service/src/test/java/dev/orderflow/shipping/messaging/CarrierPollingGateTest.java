package dev.orderflow.shipping.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.shipping.shipment.CarrierCircuitBreaker;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CarrierPollingGateTest {

    private static final String REQUESTS = "shipping-requests";

    private final FixedCircuitBreaker circuitBreaker = new FixedCircuitBreaker();
    private final CarrierPollingGate polling = new CarrierPollingGate(circuitBreaker, REQUESTS);

    @Test
    void allRequestsAreReceivedWhileTheCircuitBreakerIsClosed() {
        assertThat(polling.grant(REQUESTS, 10, 0)).isEqualTo(10);
        assertThat(polling.grant(REQUESTS, 10, 10)).isEqualTo(10);
    }

    @Test
    void noRequestIsReceivedWhileTheCircuitBreakerIsOpen() {
        circuitBreaker.state = CarrierCircuitBreaker.CircuitState.OPEN;
        assertThat(polling.grant(REQUESTS, 10, 0)).isZero();
    }

    @Test
    void cancellationsAreAlwaysReceived() {
        circuitBreaker.state = CarrierCircuitBreaker.CircuitState.OPEN;
        assertThat(polling.grant("shipping-cancellations", 10, 0)).isEqualTo(10);
    }

    @Test
    void theProbeIsOneRequestAfterAllOthersAreFinished() {
        circuitBreaker.state = CarrierCircuitBreaker.CircuitState.HALF_OPEN;
        assertThat(polling.grant(REQUESTS, 10, 3)).isZero();
        assertThat(polling.grant(REQUESTS, 10, 0)).isEqualTo(1);
    }

    @Test
    void requestsArePausedUntilTheCircuitBreakerIsClosedAndCancellationsNever() {
        for (var state : CarrierCircuitBreaker.CircuitState.values()) {
            circuitBreaker.state = state;
            assertThat(polling.isPaused(REQUESTS))
                    .as(state.name())
                    .isEqualTo(state != CarrierCircuitBreaker.CircuitState.CLOSED);
            assertThat(polling.isPaused("shipping-cancellations")).as(state.name()).isFalse();
        }
    }

    private static final class FixedCircuitBreaker implements CarrierCircuitBreaker {

        private CircuitState state = CircuitState.CLOSED;

        @Override
        public Optional<CallPermit> tryAcquirePermit() {
            return Optional.empty();
        }

        @Override
        public CircuitState state() {
            return state;
        }
    }
}
