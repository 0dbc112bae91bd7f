package dev.orderflow.order.approval;

import dev.orderflow.contracts.value.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// All approvals, with their audit records.
@Component
class Approvals {

    private final JdbcClient jdbc;

    Approvals(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// A decision that the workflow has not taken yet.
    ///
    /// @param attempts how often it was told so far, this time included
    record UnsentDecision(UUID orderId, String token, ApprovalDecision decision, int attempts) {

        /// Leaves the token out.
        @Override
        public String toString() {
            return "Untold[" + orderId + " " + decision + "]";
        }
    }

    /// A line of the audit record.
    record ApprovalAuditEntry(
            Instant at,
            String action,
            @Nullable ApprovalDecision decision,
            @Nullable String decidedBy,
            @Nullable String note) {}

    /// Notes that the workflow asks. Asked again with a later token, as a redriven workflow does,
    /// the earlier one counts no more; a decision that was made stands.
    ///
    /// @param sentAt when the question was sent: messages may arrive in any order
    /// @return false when this, or a later question, was noted before
    @Transactional
    public boolean recordRequest(UUID orderId, Money total, String token, Instant sentAt) {
        boolean isNew =
                jdbc.sql(
                                        """
                                        INSERT INTO approval AS a
                                               (order_id, total_amount, currency, task_token, asked_at)
                                        VALUES (:order, :amount, :currency, :token, :at)
                                        ON CONFLICT (order_id) DO UPDATE
                                           SET task_token = excluded.task_token, asked_at = excluded.asked_at,
                                               answered_at = NULL, attempts = 0, not_before = now()
                                         WHERE a.task_token <> excluded.task_token
                                           AND a.asked_at <= excluded.asked_at
                                        """)
                                .param("order", orderId)
                                .param("amount", total.amount())
                                .param("currency", total.currency().getCurrencyCode())
                                .param("token", token)
                                .param("at", sentAt.atOffset(ZoneOffset.UTC))
                                .update()
                        == 1;
        if (isNew) {
            appendAuditEntry(orderId, "ASKED", null, null, null);
        }
        return isNew;
    }

    /// Decides, unless somebody was faster.
    ///
    /// @return whether this decision is the one that counts
    @Transactional
    public boolean decide(
            UUID orderId, ApprovalDecision decision, String by, @Nullable String note) {
        boolean isFirst =
                jdbc.sql(
                                        """
                                        UPDATE approval
                                        SET decision = :decision, decided_by = :by, note = :note,
                                            decided_at = now(), not_before = now()
                                        WHERE order_id = :order AND decision IS NULL
                                        """)
                                .param("decision", decision.name())
                                .param("by", by)
                                .param("note", note)
                                .param("order", orderId)
                                .update()
                        == 1;
        if (isFirst) {
            appendAuditEntry(orderId, "DECIDED", decision, by, note);
        }
        return isFirst;
    }

    /// Those whose customers want to cancel before anybody has decided.
    List<UUID> findUndecidedOfCancelledOrders() {
        return jdbc.sql(
                        """
                        SELECT a.order_id FROM approval a JOIN orders o ON o.id = a.order_id
                        WHERE a.answered_at IS NULL AND a.decision IS NULL AND o.state = 'CANCEL_REQUESTED'
                        ORDER BY a.asked_at LIMIT 100
                        """)
                .query((row, _) -> row.getObject("order_id", UUID.class))
                .list();
    }

    /// Takes decisions that the workflow should be told now. Until the time given nobody else takes
    /// them, so they come back by themselves when this process dies.
    List<UnsentDecision> claimUnsentDecisions(Duration ours) {
        return jdbc.sql(
                        """
                        WITH taken AS (
                            UPDATE approval
                            SET attempts = attempts + 1, not_before = now() + make_interval(secs => :ours)
                            WHERE order_id IN (
                                SELECT order_id FROM approval
                                WHERE answered_at IS NULL AND decision IS NOT NULL AND not_before <= now()
                                ORDER BY decided_at LIMIT 20 FOR UPDATE SKIP LOCKED)
                            RETURNING order_id, task_token, decision, attempts, decided_at
                        )
                        SELECT * FROM taken ORDER BY decided_at
                        """)
                .param("ours", ours.toMillis() / 1000.0)
                .query(
                        (row, _) ->
                                new UnsentDecision(
                                        row.getObject("order_id", UUID.class),
                                        row.getString("task_token"),
                                        ApprovalDecision.valueOf(row.getString("decision")),
                                        row.getInt("attempts")))
                .list();
    }

    /// Notes that the workflow needs not be told again, unless it has asked with another token
    /// meanwhile.
    @Transactional
    public void markCompleted(UnsentDecision told, boolean wasTaken) {
        boolean isAnswered =
                jdbc.sql(
                                        """
                                        UPDATE approval SET answered_at = now()
                                        WHERE order_id = :order AND task_token = :token AND answered_at IS NULL
                                        """)
                                .param("order", told.orderId())
                                .param("token", told.token())
                                .update()
                        == 1;
        if (isAnswered) {
            appendAuditEntry(
                    told.orderId(),
                    wasTaken ? "TAKEN" : "NOBODY_WAITED",
                    told.decision(),
                    null,
                    null);
        }
    }

    /// Lets a decision wait before it is told again.
    void postpone(UnsentDecision untold, Duration delay) {
        jdbc.sql(
                        """
                        UPDATE approval SET not_before = now() + make_interval(secs => :delay)
                        WHERE order_id = :order AND task_token = :token
                        """)
                .param("delay", delay.toMillis() / 1000.0)
                .param("order", untold.orderId())
                .param("token", untold.token())
                .update();
    }

    /// Those that wait for a person, the longest wait first.
    List<Approval> findPending(int limit) {
        return jdbc.sql(
                        """
                        SELECT a.* FROM approval a JOIN orders o ON o.id = a.order_id
                        WHERE a.answered_at IS NULL AND a.decision IS NULL
                          AND o.state NOT IN ('CANCEL_REQUESTED', 'SHIPPED', 'REJECTED', 'CANCELLED')
                        ORDER BY a.asked_at LIMIT :limit
                        """)
                .param("limit", limit)
                .query((row, _) -> approval(row))
                .list();
    }

    Optional<Approval> find(UUID orderId) {
        return jdbc.sql("SELECT * FROM approval WHERE order_id = :order")
                .param("order", orderId)
                .query((row, _) -> approval(row))
                .optional();
    }

    /// What happened to an approval, oldest first.
    List<ApprovalAuditEntry> history(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT recorded_at, what, decision, by_whom, note
                        FROM approval_audit WHERE order_id = :order ORDER BY id
                        """)
                .param("order", orderId)
                .query(
                        (row, _) ->
                                new ApprovalAuditEntry(
                                        instant(row, "recorded_at"),
                                        row.getString("what"),
                                        decision(row.getString("decision")),
                                        row.getString("by_whom"),
                                        row.getString("note")))
                .list();
    }

    private void appendAuditEntry(
            UUID orderId,
            String what,
            @Nullable ApprovalDecision decision,
            @Nullable String by,
            @Nullable String note) {
        jdbc.sql(
                        """
                        INSERT INTO approval_audit (order_id, what, decision, by_whom, note)
                        VALUES (:order, :what, :decision, :by, :note)
                        """)
                .param("order", orderId)
                .param("what", what)
                .param("decision", decision == null ? null : decision.name())
                .param("by", by)
                .param("note", note)
                .update();
    }

    private static Approval approval(ResultSet row) throws SQLException {
        var decision = decision(row.getString("decision"));
        return new Approval(
                row.getObject("order_id", UUID.class),
                Money.of(row.getBigDecimal("total_amount"), row.getString("currency")),
                instant(row, "asked_at"),
                decision == null
                        ? Optional.empty()
                        : Optional.of(
                                new Approval.RecordedDecision(
                                        decision,
                                        row.getString("decided_by"),
                                        Optional.ofNullable(row.getString("note")),
                                        instant(row, "decided_at"))),
                Optional.ofNullable(row.getObject("answered_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }

    private static @Nullable ApprovalDecision decision(@Nullable String name) {
        return name == null ? null : ApprovalDecision.valueOf(name);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
