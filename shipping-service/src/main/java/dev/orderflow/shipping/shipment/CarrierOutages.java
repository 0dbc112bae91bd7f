package dev.orderflow.shipping.shipment;

import java.time.Instant;
import java.util.UUID;

/// When the circuit breakers of the carrier were open, for the case files of the orders that
/// waited.
public interface CarrierOutages {

    /// Stores that a circuit breaker is open, or was until now. Repeating it changes nothing else.
    ///
    /// @param id identifies the outage
    void recordOpen(UUID id, Instant openedAt);

    /// Stores that a circuit breaker is closed again.
    void recordClosed(UUID id, Instant openedAt, Instant closedAt);
}
