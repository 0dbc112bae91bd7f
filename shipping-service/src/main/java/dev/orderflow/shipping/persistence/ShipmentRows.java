package dev.orderflow.shipping.persistence;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/// Reads rows of the table `shipment` and locks them.
interface ShipmentRows extends Repository<ShipmentRow, UUID> {

    Optional<ShipmentRow> findByOrderId(UUID orderId);

    List<ShipmentRow> findByOrderIdIn(Collection<UUID> orderIds);

    /// Waits until no other transaction holds the row lock, and reads what that one committed.
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("SELECT s FROM ShipmentRow s WHERE s.orderId = :orderId")
    Optional<ShipmentRow> lockByOrderId(UUID orderId);

    @Query(
            """
            SELECT count(s) FROM ShipmentRow s
            WHERE s.callbackState = PENDING AND s.state IN (WAITING, DISPATCH_PERMITTED)
            """)
    long countWaiting();
}
