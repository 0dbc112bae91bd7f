package dev.orderflow.shipping.persistence;

import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.arrangement.Shipments;
import dev.orderflow.shipping.domain.Change;
import dev.orderflow.shipping.domain.Report;
import dev.orderflow.shipping.domain.Shipment;
import dev.orderflow.shipping.domain.TaskToken;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.id.uuid.UuidVersion7Strategy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// The shipments by Spring Data JPA, and what instances compete for by SQL.
@Repository
class JpaShipments implements Shipments {

    private final ShipmentRows rows;
    private final EntityManager entities;
    private final JdbcClient jdbc;
    private final ShippingProperties.Upkeep upkeep;

    JpaShipments(
            ShipmentRows rows,
            EntityManager entities,
            JdbcClient jdbc,
            ShippingProperties properties) {
        this.rows = rows;
        this.entities = entities;
        this.jdbc = jdbc;
        this.upkeep = properties.upkeep();
    }

    @Override
    @Transactional
    public Change tell(UUID orderId, Report report) {
        var known = rows.lockByOrderId(orderId).or(() -> lockUnheardOf(orderId));
        var change = known.map(ShipmentRow::shipment).orElseGet(() -> blank(orderId)).on(report);
        if (change instanceof Change.Moved(var shipment)) {
            known.ifPresentOrElse(
                    row -> row.take(shipment), () -> entities.persist(new ShipmentRow(shipment)));
            if (report instanceof Report.Asked) {
                entities.flush();
                giveTime(orderId);
            }
        }
        return change;
    }

    /// There is no row to lock yet, so two that hear of an order for the first time at the same
    /// moment meet here; the second one finds the row of the first.
    private Optional<ShipmentRow> lockUnheardOf(UUID orderId) {
        jdbc.sql("SELECT pg_advisory_xact_lock(:key)")
                .param("key", orderId.getMostSignificantBits() ^ orderId.getLeastSignificantBits())
                .query((_, _) -> true)
                .single();
        return rows.lockByOrderId(orderId);
    }

    private static Shipment blank(UUID orderId) {
        return Shipment.unheardOf(UuidVersion7Strategy.INSTANCE.generateUuid(null), orderId);
    }

    /// Whoever asked is at work on it now; the upkeep stays away for a while.
    private void giveTime(UUID orderId) {
        jdbc.sql(
                        """
                        UPDATE shipment
                        SET attempts = 0,
                            attempt_at = now() + :resume_after * interval '1 millisecond',
                            heartbeat_at = now() + :heartbeat_every * interval '1 millisecond'
                        WHERE order_id = :order_id
                        """)
                .param("resume_after", upkeep.resumeAfter().toMillis())
                .param("heartbeat_every", upkeep.heartbeatEvery().toMillis())
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
    public List<Pulse> claimHeartbeats(int most, Duration every) {
        return jdbc.sql(
                        """
                        WITH due AS (
                            SELECT id FROM shipment
                            WHERE caller = 'AWAITING' AND progress IN ('WAITING', 'PERMITTED')
                              AND heartbeat_at <= now()
                            ORDER BY heartbeat_at
                            LIMIT :most
                            FOR UPDATE SKIP LOCKED)
                        UPDATE shipment
                        SET heartbeat_at = now() + :every * interval '1 millisecond'
                        FROM due WHERE shipment.id = due.id
                        RETURNING shipment.order_id, shipment.task_token
                        """)
                .param("most", most)
                .param("every", every.toMillis())
                .query(
                        (row, _) ->
                                new Pulse(
                                        row.getObject("order_id", UUID.class),
                                        new TaskToken(row.getString("task_token"))))
                .list();
    }

    @Override
    @Transactional
    public List<UUID> claimStalled(int most, boolean carrierToo) {
        return jdbc.sql(
                        """
                        WITH due AS (
                            SELECT id FROM shipment
                            WHERE caller = 'AWAITING' AND attempt_at <= now()
                              AND (:carrier_too OR progress NOT IN ('WAITING', 'PERMITTED'))
                            ORDER BY attempt_at
                            LIMIT :most
                            FOR UPDATE SKIP LOCKED)
                        UPDATE shipment
                        SET attempts = attempts + 1,
                            attempt_at = now() + least(
                                :resume_after * 2.0 ^ least(attempts, 20), :at_latest
                            ) * interval '1 millisecond'
                        FROM due WHERE shipment.id = due.id
                        RETURNING shipment.order_id
                        """)
                .param("most", most)
                .param("carrier_too", carrierToo)
                .param("resume_after", upkeep.resumeAfter().toMillis())
                .param("at_latest", upkeep.resumeAtLatest().toMillis())
                .query((row, _) -> row.getObject("order_id", UUID.class))
                .list();
    }

    @Override
    @Transactional(readOnly = true)
    public long waiting() {
        return rows.countWaiting();
    }
}
