package dev.orderflow.shipping.persistence;

import dev.orderflow.contracts.value.TaskToken;
import dev.orderflow.contracts.value.UuidV7;
import dev.orderflow.defaults.database.IntervalSeconds;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.domain.Shipment;
import dev.orderflow.shipping.domain.ShipmentTransition;
import dev.orderflow.shipping.domain.ShipmentUpdate;
import dev.orderflow.shipping.shipment.Shipments;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// Stores shipments by JPA. Claims, for which instances compete, are SQL statements. They update an
/// array of ids, which Postgres always looks up: a plan of a join that does not know how few
/// shipments are due would read the whole table.
@Repository
class JpaShipments implements Shipments {

    private final ShipmentRows rows;
    private final EntityManager entities;
    private final JdbcClient jdbc;
    private final ShippingProperties.ShipmentSchedulerProperties scheduler;

    JpaShipments(
            ShipmentRows rows,
            EntityManager entities,
            JdbcClient jdbc,
            ShippingProperties properties) {
        this.rows = rows;
        this.entities = entities;
        this.jdbc = jdbc;
        this.scheduler = properties.scheduler();
    }

    @Override
    @Transactional
    public ShipmentTransition apply(UUID orderId, ShipmentUpdate report) {
        var existing = rows.lockByOrderId(orderId).or(() -> lockFirstReport(orderId));
        var change =
                existing.map(ShipmentRow::shipment)
                        .orElseGet(() -> newShipment(orderId))
                        .apply(report);
        if (change instanceof ShipmentTransition.ShipmentMoved(var shipment)) {
            existing.ifPresentOrElse(
                    row -> row.update(shipment), () -> entities.persist(new ShipmentRow(shipment)));
            appendToHistory(shipment, report);
            if (report instanceof ShipmentUpdate.ShipmentRequested) {
                entities.flush();
                postponeScheduler(orderId);
            }
        }
        return change;
    }

    private void appendToHistory(Shipment shipment, ShipmentUpdate report) {
        jdbc.sql(
                        """
                        INSERT INTO shipment_history (order_id, update_type, state, callback_state)
                        VALUES (:order, :type, :state, :callback)
                        """)
                .param("order", shipment.orderId())
                .param("type", report.getClass().getSimpleName())
                .param("state", shipment.state().code().name())
                .param("callback", shipment.callback().code().name())
                .update();
    }

    /// Before the first report there is no row to lock. An advisory lock on the order id makes the
    /// second of two concurrent first reports wait, and it then finds the row of the first.
    private Optional<ShipmentRow> lockFirstReport(UUID orderId) {
        jdbc.sql("SELECT pg_advisory_xact_lock(:key)")
                .param("key", orderId.getMostSignificantBits() ^ orderId.getLeastSignificantBits())
                .query((_, _) -> true)
                .single();
        return rows.lockByOrderId(orderId);
    }

    private static Shipment newShipment(UUID orderId) {
        return Shipment.create(UuidV7.create(Instant.now()), orderId);
    }

    /// The delivery of the request works on the shipment now, so the scheduler leaves it alone for
    /// one interval.
    private void postponeScheduler(UUID orderId) {
        jdbc.sql(
                        """
                        UPDATE shipment
                        SET attempts = 0,
                            next_attempt_at = now() + make_interval(secs => :initial_delay),
                            next_heartbeat_at = now() + make_interval(secs => :heartbeat_interval)
                        WHERE order_id = :order_id
                        """)
                .param("initial_delay", IntervalSeconds.of(scheduler.initialResumeDelay()))
                .param("heartbeat_interval", IntervalSeconds.of(scheduler.heartbeatInterval()))
                .param("order_id", orderId)
                .update();
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<Shipment> find(UUID orderId) {
        return rows.findByOrderId(orderId).map(ShipmentRow::shipment);
    }

    @Override
    @Transactional(readOnly = true)
    public List<Shipment> find(Collection<UUID> orderIds) {
        return rows.findByOrderIdIn(orderIds).stream().map(ShipmentRow::shipment).toList();
    }

    @Override
    @Transactional
    public List<Heartbeat> claimHeartbeats(int limit, Duration interval) {
        return jdbc.sql(
                        """
                        WITH due AS (
                            SELECT id FROM shipment
                            WHERE callback_state = 'PENDING' AND state IN ('WAITING', 'DISPATCH_PERMITTED')
                              AND next_heartbeat_at <= now()
                            ORDER BY next_heartbeat_at
                            LIMIT :limit
                            FOR UPDATE SKIP LOCKED)
                        UPDATE shipment
                        SET next_heartbeat_at = now() + make_interval(secs => :interval)
                        WHERE id = ANY (ARRAY(SELECT id FROM due))
                        RETURNING order_id, task_token
                        """)
                .param("limit", limit)
                .param("interval", IntervalSeconds.of(interval))
                .query(
                        (row, _) ->
                                new Heartbeat(
                                        row.getObject("order_id", UUID.class),
                                        new TaskToken(row.getString("task_token"))))
                .list();
    }

    @Override
    @Transactional
    public List<UUID> claimStalled(int limit, boolean includeUndecided) {
        // As text and not as a parameter, so that the statement fits a partial index of its own.
        var decided = includeUndecided ? "" : "AND state NOT IN ('WAITING', 'DISPATCH_PERMITTED')";
        return jdbc.sql(
                        """
                        WITH due AS (
                            SELECT id FROM shipment
                            WHERE callback_state = 'PENDING' AND next_attempt_at <= now()
                              %s
                            ORDER BY next_attempt_at
                            LIMIT :limit
                            FOR UPDATE SKIP LOCKED)
                        UPDATE shipment
                        SET attempts = attempts + 1,
                            next_attempt_at = now() + make_interval(
                                secs => least(:initial_delay * 2.0 ^ least(attempts, 20), :max_delay))
                        WHERE id = ANY (ARRAY(SELECT id FROM due))
                        RETURNING order_id
                        """
                                .formatted(decided))
                .param("limit", limit)
                .param("initial_delay", IntervalSeconds.of(scheduler.initialResumeDelay()))
                .param("max_delay", IntervalSeconds.of(scheduler.maxResumeDelay()))
                .query((row, _) -> row.getObject("order_id", UUID.class))
                .list();
    }

    @Override
    @Transactional(readOnly = true)
    public long countWaiting() {
        return rows.countWaiting();
    }
}
