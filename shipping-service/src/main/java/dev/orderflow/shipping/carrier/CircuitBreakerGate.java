package dev.orderflow.shipping.carrier;

import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.arrangement.OutageGate;
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

/// The gate as a circuit breaker. While it is open nobody asks the carrier; then one shipment
/// tries, and its fate decides for all.
@Component
class CircuitBreakerGate implements OutageGate {

    private static final Logger log = LoggerFactory.getLogger(CircuitBreakerGate.class);

    private final CircuitBreaker breaker;

    CircuitBreakerGate(ShippingProperties properties, MeterRegistry meters) {
        var gate = properties.gate();
        breaker =
                CircuitBreaker.of(
                        "carrier",
                        CircuitBreakerConfig.custom()
                                .slidingWindow(
                                        gate.window(),
                                        gate.minimumCalls(),
                                        SlidingWindowType.COUNT_BASED)
                                .failureRateThreshold(gate.failureRate())
                                .waitDurationInOpenState(gate.probeAfter())
                                .permittedNumberOfCallsInHalfOpenState(1)
                                // By itself and not with the next call: while the queue is not
                                // polled there is none.
                                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                                .build());
        breaker.getEventPublisher()
                .onStateTransition(event -> log.warn("carrier: {}", event.getStateTransition()));
        Gauge.builder("shipping.gate.open", this, it -> it.isHoldingBack() ? 1 : 0)
                .description("1 while shipments are held back because the carrier does not answer")
                .register(meters);
    }

    /// The one that tries how the carrier is changes nothing for the others.
    private boolean isHoldingBack() {
        return traffic() != Traffic.FREE;
    }

    @Override
    public Traffic traffic() {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> Traffic.BLOCKED;
            case HALF_OPEN -> Traffic.ONE_PROBE;
            case CLOSED, DISABLED, METRICS_ONLY -> Traffic.FREE;
        };
    }

    @Override
    public Optional<Passage> enter() {
        return breaker.tryAcquirePermission() ? Optional.of(new Attempted()) : Optional.empty();
    }

    private final class Attempted implements Passage {

        private final AtomicBoolean over = new AtomicBoolean();
        private final long begin = System.nanoTime();

        @Override
        public void carrierAnswered() {
            if (over.compareAndSet(false, true)) {
                breaker.onSuccess(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public void carrierSilent() {
            if (over.compareAndSet(false, true)) {
                breaker.onError(
                        System.nanoTime() - begin, TimeUnit.NANOSECONDS, new CarrierSilent());
            }
        }

        @Override
        public void close() {
            if (over.compareAndSet(false, true)) {
                breaker.releasePermission();
            }
        }
    }

    /// What the breaker wants to see for a failure; it is never thrown.
    private static final class CarrierSilent extends RuntimeException {

        CarrierSilent() {
            super("the carrier did not answer", null, false, false);
        }
    }
}
