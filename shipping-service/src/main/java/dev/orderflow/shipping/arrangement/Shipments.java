package dev.orderflow.shipping.arrangement;

import dev.orderflow.shipping.domain.Change;
import dev.orderflow.shipping.domain.Report;
import dev.orderflow.shipping.domain.Shipment;
import dev.orderflow.shipping.domain.TaskToken;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The shipments, one for each order.
public interface Shipments {

    /// Applies a report to an order's shipment, in a transaction of its own and one after the
    /// other. An order without a shipment gets one.
    Change tell(UUID orderId, Report report);

    /// An order's shipment, if anything was heard of it.
    Optional<Shipment> find(UUID orderId);

    /// Orders' shipments; an order of which nothing was heard is missing.
    List<Shipment> find(Collection<UUID> orderIds);

    /// Takes shipments whose workflow is due for a sign of life. Another instance does not get them
    /// before the interval has passed again.
    List<Pulse> claimHeartbeats(int most, Duration every);

    /// Takes shipments that nobody worked on for a while: those whose answer is owed and, when the
    /// carrier may be asked, those that are not decided. Each comes up again later and later, so
    /// that one that never works does not keep the others waiting.
    List<UUID> claimStalled(int most, boolean carrierToo);

    /// How many shipments wait for the carrier or for their permit.
    long waiting();

    /// A sign of life to be given.
    record Pulse(UUID orderId, TaskToken token) {}
}
