package dev.orderflow.inventory.persistence;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/// The table `reservation`, for reading. The lines are fetched with their reservations in one
/// statement; lazy loading would take 201 statements for a batch of 200 orders.
interface ReservationRows extends Repository<ReservationRow, UUID> {

    @Query(
            """
            SELECT reservation FROM ReservationRow reservation
            LEFT JOIN FETCH reservation.lines
            WHERE reservation.orderId = :orderId
            """)
    Optional<ReservationRow> findWithLines(UUID orderId);

    @Query(
            """
            SELECT DISTINCT reservation FROM ReservationRow reservation
            LEFT JOIN FETCH reservation.lines
            WHERE reservation.orderId IN :orderIds
            """)
    List<ReservationRow> findAllWithLines(Collection<UUID> orderIds);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query(
            """
            SELECT reservation FROM ReservationRow reservation
            WHERE reservation.orderId = :orderId
            """)
    Optional<ReservationRow> findForUpdate(UUID orderId);
}
