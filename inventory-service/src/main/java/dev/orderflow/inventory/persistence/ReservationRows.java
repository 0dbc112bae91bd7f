package dev.orderflow.inventory.persistence;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/// The table `reservation`, for reading.
interface ReservationRows extends Repository<ReservationRow, UUID> {

    Optional<ReservationRow> findByOrderId(UUID orderId);

    List<ReservationRow> findByOrderIdIn(Collection<UUID> orderIds);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query(
            "SELECT reservation FROM ReservationRow reservation WHERE reservation.orderId = :orderId")
    Optional<ReservationRow> lockByOrderId(UUID orderId);
}
