package dev.orderflow.operations.auditor;

import dev.orderflow.defaults.database.IntervalSeconds;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// How far the auditor has read, the lease of the instance that reads, and the orders to recheck.
/// All times are those of the database's clock.
///
/// The lease is in the row of the cursors and not in a lock library such as ShedLock, because it
/// also fences: an instance that lost its lease cannot move a cursor, even in a transaction that it
/// began before.
@Repository
public class AuditCursor {

    private final JdbcClient jdbc;

    AuditCursor(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Acquires the lease, or renews it.
    ///
    /// @return the cursor to continue at; empty when another instance holds the lease
    Optional<String> acquireOrRenewLease(UUID owner, Duration lease) {
        return jdbc.sql(
                        """
                        UPDATE audit_cursor
                        SET lease_owner = :owner, lease_expires_at = now() + make_interval(secs => :lease)
                        WHERE lease_owner = :owner OR lease_expires_at <= now()
                        RETURNING orders_cursor
                        """)
                .param("owner", owner)
                .param("lease", IntervalSeconds.of(lease))
                .query(String.class)
                .optional();
    }

    /// Releases the lease, so that another instance can continue at once.
    void releaseLease(UUID owner) {
        jdbc.sql("UPDATE audit_cursor SET lease_expires_at = now() WHERE lease_owner = :owner")
                .param("owner", owner)
                .update();
    }

    /// Moves the cursor, unless another instance holds the lease.
    void advance(UUID owner, String cursor) {
        jdbc.sql("UPDATE audit_cursor SET orders_cursor = :cursor WHERE lease_owner = :owner")
                .param("cursor", cursor)
                .param("owner", owner)
                .update();
    }

    /// Records that nothing is left to compare for a part of a round.
    void recordCompletion(AuditPart part) {
        jdbc.sql("UPDATE audit_part SET completed_at = now() WHERE part = :part")
                .param("part", part.name())
                .update();
    }

    /// The cursor in the changes at the payment gateway; empty before the first round.
    String gatewayCursor() {
        return jdbc.sql("SELECT gateway_cursor FROM audit_cursor").query(String.class).single();
    }

    /// Moves the cursor of the gateway's changes, unless another instance holds the lease.
    void advanceGatewayCursor(UUID owner, String cursor) {
        jdbc.sql("UPDATE audit_cursor SET gateway_cursor = :cursor WHERE lease_owner = :owner")
                .param("cursor", cursor)
                .param("owner", owner)
                .update();
    }

    /// Starts again with the first order, because changes at the gateway were missed.
    void reset(UUID owner) {
        jdbc.sql(
                        "UPDATE audit_cursor SET gateway_cursor = '', orders_cursor = '' WHERE lease_owner = :owner")
                .param("owner", owner)
                .update();
    }

    /// The time since everything was last compared.
    Duration lag() {
        return Duration.ofMillis(
                jdbc.sql(
                                """
                                SELECT (extract(epoch FROM now() - min(completed_at)) * 1000)::bigint FROM audit_part
                                """)
                        .query(Long.class)
                        .single());
    }

    /// When everything was last compared: changed orders, due rechecks, changes at the gateway, and
    /// stock.
    public Instant comparedUntil() {
        return jdbc.sql("SELECT min(completed_at) AS compared_until FROM audit_part")
                .query((row, _) -> row.getTimestamp("compared_until").toInstant())
                .single();
    }

    /// Schedules rechecks of orders.
    void scheduleRechecks(Collection<UUID> orders, Duration delay) {
        if (orders.isEmpty()) {
            return;
        }
        jdbc.sql(
                        """
                        INSERT INTO audit_recheck (order_id, due_at)
                        SELECT DISTINCT order_id, now() + make_interval(secs => :delay)
                        FROM unnest(:orders::uuid[]) AS entry (order_id)
                        ON CONFLICT (order_id) DO UPDATE SET due_at = excluded.due_at
                        """)
                .param("orders", orders.toArray(UUID[]::new))
                .param("delay", IntervalSeconds.of(delay))
                .update();
    }

    void completeRechecks(Collection<UUID> orders) {
        if (orders.isEmpty()) {
            return;
        }
        jdbc.sql("DELETE FROM audit_recheck WHERE order_id = ANY (:orders)")
                .param("orders", orders.toArray(UUID[]::new))
                .update();
    }

    /// The orders whose recheck is due, the earliest first.
    List<UUID> dueRechecks(int limit) {
        return jdbc.sql(
                        """
                        SELECT order_id FROM audit_recheck WHERE due_at <= now() ORDER BY due_at LIMIT :limit
                        """)
                .param("limit", limit)
                .query((row, _) -> row.getObject("order_id", UUID.class))
                .list();
    }
}
