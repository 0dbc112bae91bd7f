package dev.orderflow.inventory.reservation;

import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.inventory.domain.Reservation;
import dev.orderflow.inventory.domain.ReservationLines;
import dev.orderflow.inventory.domain.ReservationStateCode;
import dev.orderflow.inventory.domain.Shortage;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The reservations. An order has at most one.
public interface ReservationRepository {

    /// Creates a reservation, unless its order or its key exists. A concurrent call for the
    /// same order waits until the first transaction has ended.
    ///
    /// @return empty when the order or the key exists
    Optional<Reservation> create(
            UUID orderId, IdempotencyKey key, ReservationLines lines, Duration duration);

    /// Creates a released reservation without lines, which refuses a later reservation, unless its
    /// order or its key exists.
    ///
    /// @return whether it was created
    boolean createTombstone(UUID orderId, IdempotencyKey key);

    /// Finds a reservation and locks it until the transaction ends.
    Optional<Reservation> findForUpdate(UUID orderId);

    /// Finds a reservation.
    Optional<Reservation> find(UUID orderId);

    /// Finds the reservations of orders; an order without a reservation is missing.
    List<Reservation> find(Collection<UUID> orderIds);

    /// Changes the state of a locked reservation.
    void changeState(UUID orderId, ReservationStateCode state);

    /// Releases a locked reservation.
    ///
    /// @param key the idempotency key of the release request
    /// @throws org.springframework.dao.DuplicateKeyException when the key was used for another
    ///     order
    void release(UUID orderId, IdempotencyKey key);

    /// Refuses a reservation that this transaction has created.
    void refuse(UUID orderId, Shortage shortage);

    /// Claims overdue reservations that no other instance has claimed, in the order of their due
    /// time.
    ///
    /// @param limit the maximum number of reservations
    /// @param recheckAfter the time until they can be claimed again
    List<UUID> claimOverdue(int limit, Duration recheckAfter);

    /// Counts the reservations that are open past their expiry.
    long countOverdue();
}
