package dev.orderflow.shipping.shipment;

import dev.orderflow.contracts.value.TaskToken;
import dev.orderflow.shipping.domain.Shipment;
import dev.orderflow.shipping.domain.ShipmentTransition;
import dev.orderflow.shipping.domain.ShipmentUpdate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The shipments, one for each order.
public interface Shipments {

    /// Applies a report to an order's shipment in its own transaction. Reports on one order are
    /// applied one after the other. Creates the shipment if none exists.
    ShipmentTransition apply(UUID orderId, ShipmentUpdate report);

    Optional<Shipment> find(UUID orderId);

    /// Finds the shipments of these orders; the result has none for an order without a shipment.
    List<Shipment> find(Collection<UUID> orderIds);

    /// Claims shipments whose workflow is due for a heartbeat. They are due again, for any
    /// instance, after the interval.
    List<Heartbeat> claimHeartbeats(int limit, Duration interval);

    /// Claims shipments whose last attempt was long enough ago: those that are final and have not
    /// answered the workflow, and optionally those that still need the carrier. The delay until the
    /// next claim doubles with each attempt, so that one that keeps failing does not delay others.
    ///
    /// @param includeUndecided whether to include shipments that need the carrier
    List<UUID> claimStalled(int limit, boolean includeUndecided);

    /// Counts the shipments that wait for the dispatch permit or for the carrier.
    long countWaiting();

    /// A heartbeat that is due.
    record Heartbeat(UUID orderId, TaskToken token) {}
}
