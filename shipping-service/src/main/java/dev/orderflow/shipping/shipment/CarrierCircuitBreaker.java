package dev.orderflow.shipping.shipment;

import java.util.Optional;

/// Stops calls to the carrier while it does not respond.
public interface CarrierCircuitBreaker {

    /// Acquires the permit for one call to the carrier, empty while the circuit breaker is open.
    /// The caller records the result of the call, or closes the permit unused.
    Optional<CallPermit> tryAcquirePermit();

    CircuitState state();

    /// Which calls are permitted.
    enum CircuitState {
        /// All calls.
        CLOSED,
        /// One call, which probes whether the carrier responds again.
        HALF_OPEN,
        /// No calls.
        OPEN
    }

    /// The permit for one call to the carrier.
    interface CallPermit extends AutoCloseable {

        /// The carrier responded; a rejection counts as a response.
        void recordSuccess();

        /// The carrier did not respond, or its response could not be used.
        void recordFailure();

        /// Returns the permit if no call was recorded.
        @Override
        void close();
    }
}
