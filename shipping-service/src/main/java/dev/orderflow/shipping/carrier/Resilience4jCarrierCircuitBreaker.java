package dev.orderflow.shipping.carrier;

import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.shipment.CarrierCircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// The circuit breaker by Resilience4j. After the open duration one call probes the carrier, and
/// its result closes or opens the circuit breaker.
@Component
class Resilience4jCarrierCircuitBreaker implements CarrierCircuitBreaker {

    private static final Logger log =
            LoggerFactory.getLogger(Resilience4jCarrierCircuitBreaker.class);

    private final CircuitBreaker breaker;

    Resilience4jCarrierCircuitBreaker(ShippingProperties properties, MeterRegistry meters) {
        var settings = properties.circuitBreaker();
        breaker =
                CircuitBreaker.of(
                        "carrier",
                        CircuitBreakerConfig.custom()
                                .slidingWindow(
                                        settings.windowSize(),
                                        settings.minimumCalls(),
                                        SlidingWindowType.COUNT_BASED)
                                .failureRateThreshold(settings.failureRatePercent())
                                .waitDurationInOpenState(settings.openDuration())
                                .permittedNumberOfCallsInHalfOpenState(1)
                                // By a timer, not with the next call: while the queue is not
                                // polled there are no calls.
                                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                                .build());
        breaker.getEventPublisher()
                .onStateTransition(
                        event -> logState(toCircuitState(event.getStateTransition().getToState())));
        Gauge.builder("shipments.circuit.open", this, it -> it.isNotClosed() ? 1 : 0)
                .description("1 while the circuit breaker of the carrier is open or half-open")
                .register(meters);
    }

    /// While one call probes the carrier, all other shipments still wait.
    private boolean isNotClosed() {
        return state() != CircuitState.CLOSED;
    }

    private static void logState(CircuitState state) {
        switch (state) {
            case OPEN -> log.warn("carrier unavailable: circuit breaker open");
            case HALF_OPEN -> log.debug("circuit breaker half-open: one call probes the carrier");
            case CLOSED -> log.info("carrier available again: circuit breaker closed");
        }
    }

    @Override
    public CircuitState state() {
        return toCircuitState(breaker.getState());
    }

    private static CircuitState toCircuitState(CircuitBreaker.State state) {
        return switch (state) {
            case OPEN, FORCED_OPEN -> CircuitState.OPEN;
            case HALF_OPEN -> CircuitState.HALF_OPEN;
            case CLOSED, DISABLED, METRICS_ONLY -> CircuitState.CLOSED;
        };
    }

    @Override
    public Optional<CallPermit> tryAcquirePermit() {
        return breaker.tryAcquirePermission() ? Optional.of(new BreakerPermit()) : Optional.empty();
    }

    private final class BreakerPermit implements CallPermit {

        private final AtomicBoolean completed = new AtomicBoolean();
        private final long startNanos = System.nanoTime();

        @Override
        public void recordSuccess() {
            if (completed.compareAndSet(false, true)) {
                breaker.onSuccess(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public void recordFailure() {
            if (completed.compareAndSet(false, true)) {
                breaker.onError(
                        System.nanoTime() - startNanos,
                        TimeUnit.NANOSECONDS,
                        new CarrierUnavailableException());
            }
        }

        @Override
        public void close() {
            if (completed.compareAndSet(false, true)) {
                breaker.releasePermission();
            }
        }
    }

    /// The failure that the circuit breaker records. It is never thrown.
    private static final class CarrierUnavailableException extends RuntimeException {

        CarrierUnavailableException() {
            super("the carrier did not respond", null, false, false);
        }
    }
}
