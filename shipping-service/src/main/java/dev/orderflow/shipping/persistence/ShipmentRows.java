package dev.orderflow.shipping.persistence;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/// Reads and writes rows of shipments.
interface ShipmentRows extends Repository<ShipmentRow, UUID> {

    Optional<ShipmentRow> findByOrderId(UUID orderId);

    List<ShipmentRow> findByOrderIdIn(Collection<UUID> orderIds);

    /// Waits for whoever holds the row, and then sees what they did.
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("SELECT s FROM ShipmentRow s WHERE s.orderId = :orderId")
    Optional<ShipmentRow> lockByOrderId(UUID orderId);

    @Query(
            """
            SELECT count(s) FROM ShipmentRow s
            WHERE s.caller = AWAITING AND s.progress IN (WAITING, PERMITTED)
            """)
    long countWaiting();
}
