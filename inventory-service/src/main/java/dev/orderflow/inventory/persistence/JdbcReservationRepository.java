package dev.orderflow.inventory.persistence;

import dev.orderflow.contracts.value.UuidV7;
import dev.orderflow.defaults.database.IntervalSeconds;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.inventory.domain.Reservation;
import dev.orderflow.inventory.domain.ReservationLine;
import dev.orderflow.inventory.domain.ReservationLines;
import dev.orderflow.inventory.domain.ReservationState;
import dev.orderflow.inventory.domain.ReservationStateCode;
import dev.orderflow.inventory.domain.Shortage;
import dev.orderflow.inventory.reservation.ReservationRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Reads reservations by Spring Data JPA and writes them by conditional SQL statements, of which
/// concurrent instances win only one.
@Repository
class JdbcReservationRepository implements ReservationRepository {

    private final ReservationRows rows;
    private final JdbcClient jdbc;

    JdbcReservationRepository(ReservationRows rows, JdbcClient jdbc) {
        this.rows = rows;
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Reservation> create(
            UUID orderId, IdempotencyKey key, ReservationLines lines, Duration duration) {
        var id = newId();
        return jdbc.sql(
                        """
                        WITH created AS (
                            INSERT INTO reservation (order_id, id, state, reserve_key, expires_at, next_check_at)
                            SELECT :order_id, :id, 'RESERVED', :key, expiry.at, expiry.at
                            FROM (SELECT now() + make_interval(secs => :duration)) AS expiry (at)
                            ON CONFLICT DO NOTHING
                            RETURNING order_id, created_at, expires_at),
                        lines AS (
                            INSERT INTO reservation_line (order_id, sku, quantity)
                            SELECT created.order_id, line.sku, line.quantity
                            FROM created, unnest(:skus::text[], :quantities::int[]) AS line (sku, quantity))
                        SELECT created_at, expires_at FROM created
                        """)
                .param("order_id", orderId)
                .param("id", id)
                .param("key", key.value())
                .param("duration", IntervalSeconds.of(duration))
                .param("skus", skus(lines))
                .param("quantities", quantities(lines))
                .query(
                        (row, _) -> {
                            var createdAt = row.getTimestamp("created_at").toInstant();
                            return new Reservation(
                                    id,
                                    orderId,
                                    new ReservationState.ReservedStock(lines),
                                    createdAt,
                                    createdAt,
                                    Optional.of(row.getTimestamp("expires_at").toInstant()));
                        })
                .optional();
    }

    @Override
    public boolean createTombstone(UUID orderId, IdempotencyKey key) {
        return jdbc.sql(
                                """
                                INSERT INTO reservation (order_id, id, state, release_key)
                                VALUES (:order_id, :id, 'RELEASED', :key)
                                ON CONFLICT DO NOTHING
                                """)
                        .param("order_id", orderId)
                        .param("id", newId())
                        .param("key", key.value())
                        .update()
                == 1;
    }

    @Override
    public Optional<Reservation> findForUpdate(UUID orderId) {
        return rows.findForUpdate(orderId).map(ReservationRow::toReservation);
    }

    @Override
    public Optional<Reservation> find(UUID orderId) {
        return rows.findWithLines(orderId).map(ReservationRow::toReservation);
    }

    @Override
    public List<Reservation> find(Collection<UUID> orderIds) {
        return rows.findAllWithLines(orderIds).stream().map(ReservationRow::toReservation).toList();
    }

    @Override
    public void changeState(UUID orderId, ReservationStateCode state) {
        requireChanged(
                orderId,
                jdbc.sql(
                                """
                                UPDATE reservation SET state = :state, updated_at = now()
                                WHERE order_id = :order_id AND state = 'RESERVED'
                                """)
                        .param("order_id", orderId)
                        .param("state", state.name())
                        .update());
    }

    @Override
    public void release(UUID orderId, IdempotencyKey key) {
        requireChanged(
                orderId,
                jdbc.sql(
                                """
                                UPDATE reservation
                                SET state = 'RELEASED', release_key = :key, updated_at = now()
                                WHERE order_id = :order_id AND state IN ('RESERVED', 'REFUSED', 'EXPIRED')
                                """)
                        .param("order_id", orderId)
                        .param("key", key.value())
                        .update());
    }

    @Override
    public void refuse(UUID orderId, Shortage shortage) {
        requireChanged(
                orderId,
                jdbc.sql(
                                """
                                UPDATE reservation
                                SET state = 'REFUSED', expires_at = NULL, next_check_at = NULL,
                                    shortage_sku = :sku, shortage_requested = :requested, shortage_available = :available
                                WHERE order_id = :order_id AND state = 'RESERVED'
                                """)
                        .param("order_id", orderId)
                        .param("sku", shortage.sku().value())
                        .param("requested", shortage.requested())
                        .param("available", shortage.available())
                        .update());
    }

    private static void requireChanged(UUID orderId, int rows) {
        if (rows != 1) {
            throw new IllegalStateException(
                    "the reservation of order " + orderId + " was not locked");
        }
    }

    @Override
    public List<UUID> claimOverdue(int limit, Duration recheckAfter) {
        return jdbc.sql(
                        """
                        WITH due AS (
                            SELECT order_id FROM reservation
                            WHERE state = 'RESERVED' AND next_check_at <= now()
                            ORDER BY next_check_at
                            LIMIT :limit
                            FOR UPDATE SKIP LOCKED)
                        UPDATE reservation
                        SET next_check_at = now() + make_interval(secs => :recheck_after)
                        FROM due WHERE reservation.order_id = due.order_id
                        RETURNING reservation.order_id
                        """)
                .param("limit", limit)
                .param("recheck_after", IntervalSeconds.of(recheckAfter))
                .query((row, _) -> row.getObject("order_id", UUID.class))
                .list();
    }

    @Override
    public long countOverdue() {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM reservation WHERE state = 'RESERVED' AND expires_at <= now()
                        """)
                .query((row, _) -> row.getLong(1))
                .single();
    }

    static String[] skus(ReservationLines lines) {
        return lines.list().stream().map(line -> line.sku().value()).toArray(String[]::new);
    }

    static Integer[] quantities(ReservationLines lines) {
        return lines.list().stream().map(ReservationLine::quantity).toArray(Integer[]::new);
    }

    private static UUID newId() {
        return UuidV7.create(Instant.now());
    }
}
