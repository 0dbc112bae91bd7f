package dev.orderflow.inventory.persistence;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.domain.Line;
import dev.orderflow.inventory.domain.Lines;
import dev.orderflow.inventory.domain.Reservation;
import dev.orderflow.inventory.domain.Shortage;
import dev.orderflow.inventory.domain.Standing;
import dev.orderflow.inventory.domain.Status;
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

/// A reservation as its table has it, for reading: it is written by statements of
/// [ReservationTable] that only one instance wins.
@Entity
@Immutable
@Table(name = "reservation")
class ReservationRow {

    @Id private UUID orderId;

    @Column(nullable = false)
    private UUID id;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private Status status;

    private @Nullable String shortSku;

    private @Nullable Long shortRequested;

    private @Nullable Long shortAvailable;

    @Column(nullable = false)
    private Instant madeAt;

    @Column(nullable = false)
    private Instant changedAt;

    private @Nullable Instant expiresAt;

    @ElementCollection
    @CollectionTable(name = "reservation_line", joinColumns = @JoinColumn(name = "order_id"))
    private Set<LineRow> lines;

    /// For Hibernate, which fills the fields in.
    @SuppressWarnings("NullAway.Init")
    protected ReservationRow() {}

    Reservation reservation() {
        return new Reservation(
                id, orderId, standing(), madeAt, changedAt, Optional.ofNullable(expiresAt));
    }

    private Standing standing() {
        return switch (status) {
            case HELD -> new Standing.Held(lines());
            case REFUSED -> new Standing.Refused(lines(), shortage());
            case RELEASED ->
                    new Standing.Released(
                            lines.isEmpty() ? Optional.empty() : Optional.of(lines()));
            case FULFILLED -> new Standing.Fulfilled(lines());
            case EXPIRED -> new Standing.Expired(lines());
        };
    }

    private Lines lines() {
        return Lines.of(
                lines.stream()
                        .map(line -> new Line(new Sku(line.sku()), line.quantity()))
                        .toList());
    }

    private Shortage shortage() {
        if (shortSku == null || shortRequested == null || shortAvailable == null) {
            throw new IllegalStateException("a refused reservation contradicts its constraint");
        }
        return new Shortage(new Sku(shortSku), shortRequested, shortAvailable);
    }
}
