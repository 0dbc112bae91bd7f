package dev.orderflow.shipping.shipment;

import dev.orderflow.defaults.problem.FailureDescription;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// Follows the circuit breaker of this instance and stores its outages. It is polled and does not
/// listen, so that the database never delays a call of the carrier; an outage is known as exactly
/// as it is polled.
@Component
public class CarrierOutageRecorder {

    private static final Logger log = LoggerFactory.getLogger(CarrierOutageRecorder.class);

    private final CarrierCircuitBreaker circuitBreaker;
    private final CarrierOutages outages;
    private final InstantSource clock;
    private Optional<OpenOutage> current = Optional.empty();

    @Autowired
    CarrierOutageRecorder(CarrierCircuitBreaker circuitBreaker, CarrierOutages outages) {
        this(circuitBreaker, outages, InstantSource.system());
    }

    CarrierOutageRecorder(
            CarrierCircuitBreaker circuitBreaker, CarrierOutages outages, InstantSource clock) {
        this.circuitBreaker = circuitBreaker;
        this.outages = outages;
        this.clock = clock;
    }

    private record OpenOutage(UUID id, Instant openedAt) {}

    /// Stores the state of the circuit breaker. While the database fails, the next call stores it.
    public synchronized void recordState() {
        boolean isClosed = circuitBreaker.state() == CarrierCircuitBreaker.CircuitState.CLOSED;
        if (current.isEmpty() && isClosed) {
            return;
        }
        var outage = current.orElseGet(() -> new OpenOutage(UUID.randomUUID(), clock.instant()));
        current = Optional.of(outage);
        try {
            if (isClosed) {
                outages.recordClosed(outage.id(), outage.openedAt(), clock.instant());
                current = Optional.empty();
            } else {
                outages.recordOpen(outage.id(), outage.openedAt());
            }
        } catch (RuntimeException failure) {
            log.info(
                    "the outage of the carrier could not be stored, retrying: {}",
                    FailureDescription.of(failure));
        }
    }
}
