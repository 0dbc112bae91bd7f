package dev.orderflow.inventory.persistence;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.domain.Reservation;
import dev.orderflow.inventory.domain.ReservationLine;
import dev.orderflow.inventory.domain.ReservationLines;
import dev.orderflow.inventory.domain.ReservationState;
import dev.orderflow.inventory.domain.ReservationStateCode;
import dev.orderflow.inventory.domain.Shortage;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// A row of the table `reservation`, for reading. [JdbcReservationRepository] writes it with
/// statements of which concurrent instances win only one.
@Entity
@Immutable
@Table(name = "reservation")
class ReservationRow {

    @Id private UUID orderId;

    @Column(nullable = false)
    private UUID id;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private ReservationStateCode state;

    private @Nullable String shortageSku;

    private @Nullable Long shortageRequested;

    private @Nullable Long shortageAvailable;

    @Column(nullable = false)
    private Instant createdAt;

    @Column(nullable = false)
    private Instant updatedAt;

    private @Nullable Instant expiresAt;

    @ElementCollection
    @CollectionTable(name = "reservation_line", joinColumns = @JoinColumn(name = "order_id"))
    private Set<ReservationLineRow> lines;

    /// Required by JPA.
    @SuppressWarnings("NullAway.Init")
    protected ReservationRow() {}

    Reservation toReservation() {
        return new Reservation(
                id, orderId, toState(), createdAt, updatedAt, Optional.ofNullable(expiresAt));
    }

    private ReservationState toState() {
        return switch (state) {
            case RESERVED -> new ReservationState.ReservedStock(toLines());
            case REFUSED -> new ReservationState.ReservationRefused(toLines(), toShortage());
            case RELEASED ->
                    new ReservationState.ReservationReleased(
                            lines.isEmpty() ? Optional.empty() : Optional.of(toLines()));
            case FULFILLED -> new ReservationState.ReservationFulfilled(toLines());
            case EXPIRED -> new ReservationState.ReservationExpired(toLines());
        };
    }

    private ReservationLines toLines() {
        return ReservationLines.of(
                lines.stream()
                        .map(line -> new ReservationLine(new Sku(line.sku()), line.quantity()))
                        .toList());
    }

    private Shortage toShortage() {
        if (shortageSku == null || shortageRequested == null || shortageAvailable == null) {
            throw new IllegalStateException("a refused reservation must have a shortage");
        }
        return new Shortage(new Sku(shortageSku), shortageRequested, shortageAvailable);
    }
}
