package dev.orderflow.inventory.reservation;

import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.inventory.domain.Reservation;
import dev.orderflow.inventory.domain.ReservationLines;
import dev.orderflow.inventory.domain.ReservationStatus;
import dev.orderflow.inventory.domain.Shortage;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The reservations, one for each order.
public interface ReservationRepository {

    /// Writes down a reservation as held, unless its order or its key is known. Whoever opens
    /// the same one at the same moment waits here until the first has committed.
    ///
    /// @return empty when order or key is known
    Optional<Reservation> create(
            UUID orderId, IdempotencyKey key, ReservationLines lines, Duration holdFor);

    /// Writes down that the order holds nothing and never will, unless its order or its key is
    /// known.
    boolean createTombstone(UUID orderId, IdempotencyKey key);

    /// Reads a reservation and keeps others from changing it until the transaction ends.
    Optional<Reservation> findForUpdate(UUID orderId);

    /// Reads a reservation.
    Optional<Reservation> find(UUID orderId);

    /// Reads the reservations of orders; an order that nothing was heard of is missing.
    List<Reservation> find(Collection<UUID> orderIds);

    /// Gives a locked reservation another status.
    void changeStatus(UUID orderId, ReservationStatus status);

    /// Releases a locked reservation at a request that has a key.
    ///
    /// @throws org.springframework.dao.DuplicateKeyException when the key came before for
    ///     another order
    void release(UUID orderId, IdempotencyKey key);

    /// Turns a reservation that was just opened into a refusal.
    void refuse(UUID orderId, Shortage shortage);

    /// Takes up to so many overdue reservations that nobody else looks after now, longest
    /// waiting first.
    ///
    /// @param rest how long nobody takes them again
    List<UUID> claimOverdue(int most, Duration rest);

    /// How many reservations are held past their expiry.
    long countOverdue();
}
