package dev.orderflow.operations.auditor;

import static dev.orderflow.operations.auditor.ViolationLog.seconds;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// How far the auditor is, and who it is. The database's clock rules.
@Repository
class AuditCursor {

    private final JdbcClient jdbc;

    AuditCursor(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Takes or renews the lease.
    ///
    /// @return where to go on; empty when another instance has the lease
    Optional<String> lease(UUID holder, Duration lease) {
        return jdbc.sql(
                        """
                        UPDATE audit_cursor
                        SET holder = :holder, lease_until = now() + make_interval(secs => :lease)
                        WHERE holder = :holder OR lease_until <= now()
                        RETURNING after
                        """)
                .param("holder", holder)
                .param("lease", seconds(lease))
                .query(String.class)
                .optional();
    }

    /// Lets another instance go on at once.
    void release(UUID holder) {
        jdbc.sql("UPDATE audit_cursor SET lease_until = now() WHERE holder = :holder")
                .param("holder", holder)
                .update();
    }

    /// Moves the cursor, unless another instance has the lease by now.
    void advance(UUID holder, String after, boolean all) {
        jdbc.sql(
                        """
                        UPDATE audit_cursor
                        SET after = :after, caught_up = CASE WHEN :all THEN now() ELSE caught_up END
                        WHERE holder = :holder
                        """)
                .param("after", after)
                .param("all", all)
                .param("holder", holder)
                .update();
    }

    /// How far the gateway's own changes are read; empty before the first.
    String gatewayCursor() {
        return jdbc.sql("SELECT gateway_after FROM audit_cursor").query(String.class).single();
    }

    /// Moves the cursor of the gateway's changes, unless another instance has the lease by now.
    void advanceGatewayCursor(UUID holder, String after) {
        jdbc.sql("UPDATE audit_cursor SET gateway_after = :after WHERE holder = :holder")
                .param("after", after)
                .param("holder", holder)
                .update();
    }

    /// What changed at the gateway meanwhile is not known, so every order is compared again.
    void restart(UUID holder) {
        jdbc.sql("UPDATE audit_cursor SET gateway_after = '', after = '' WHERE holder = :holder")
                .param("holder", holder)
                .update();
    }

    /// How long ago all there was had been read.
    Duration lag() {
        return Duration.ofMillis(
                jdbc.sql(
                                """
                                SELECT (extract(epoch FROM now() - caught_up) * 1000)::bigint FROM audit_cursor
                                """)
                        .query(Long.class)
                        .single());
    }

    /// When all there was had been read.
    Instant comparedUntil() {
        return jdbc.sql("SELECT caught_up FROM audit_cursor")
                .query((row, _) -> row.getTimestamp("caught_up").toInstant())
                .single();
    }

    /// Has an order looked at again.
    void scheduleRecheck(UUID order, Duration delay) {
        jdbc.sql(
                        """
                        INSERT INTO audit_recheck (order_id, due_at)
                        VALUES (:order, now() + make_interval(secs => :delay))
                        ON CONFLICT (order_id) DO UPDATE SET due_at = excluded.due_at
                        """)
                .param("order", order)
                .param("delay", seconds(delay))
                .update();
    }

    void completeRecheck(UUID order) {
        jdbc.sql("DELETE FROM audit_recheck WHERE order_id = :order")
                .param("order", order)
                .update();
    }

    /// Orders that are to be looked at again now, longest waiting first.
    List<UUID> dueRechecks(int most) {
        return jdbc.sql(
                        """
                        SELECT order_id FROM audit_recheck WHERE due_at <= now() ORDER BY due_at LIMIT :most
                        """)
                .param("most", most)
                .query((row, _) -> row.getObject("order_id", UUID.class))
                .list();
    }
}
