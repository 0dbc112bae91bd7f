package dev.orderflow.order.approval;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.defaults.database.IntervalSeconds;
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

/// The repository of approvals and their audit entries.
@Component
class Approvals {

    private final JdbcClient jdbc;

    Approvals(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// A decision that the workflow has not taken yet.
    ///
    /// @param attempts the number of attempts to send it, including the current one
    record UnsentDecision(UUID orderId, String token, ApprovalDecision decision, int attempts) {

        /// Omits the token.
        @Override
        public String toString() {
            return "UnsentDecision[" + orderId + " " + decision + "]";
        }
    }

    /// How sending a decision ended; the code of its audit entry.
    enum SendOutcome {
        /// The workflow took the decision.
        COMPLETED,
        /// The task had ended before the decision was sent: it was not delivered.
        TOKEN_EXPIRED,
        /// The task had ended when the decision was sent again: the workflow may have taken an
        /// earlier attempt whose response was lost.
        TASK_ENDED
    }

    /// An audit entry.
    record ApprovalAuditEntry(
            Instant at,
            String action,
            @Nullable ApprovalDecision decision,
            @Nullable String decidedBy,
            @Nullable String decidedByName,
            @Nullable String note) {}

    /// Records a request for approval. A later request with another token, as a redriven workflow
    /// sends it, comes before the earlier one; a recorded decision stays. The earlier token is
    /// kept, because the later message may be an old one that an operator redrove.
    ///
    /// @param sentAt when the request was sent: messages may arrive in any sequence
    /// @return false when this or a later request was recorded before
    @Transactional
    public boolean recordRequest(UUID orderId, Money total, String token, Instant sentAt) {
        boolean isNew =
                jdbc.sql(
                                        """
                                        INSERT INTO approval AS a
                                               (order_id, total_amount, currency, task_token, requested_at)
                                        VALUES (:order, :amount, :currency, :token, :at)
                                        ON CONFLICT (order_id) DO UPDATE
                                           SET task_token = excluded.task_token, requested_at = excluded.requested_at,
                                               earlier_tokens = array_remove(a.task_token || a.earlier_tokens, excluded.task_token),
                                               completed_at = NULL, attempts = 0, next_attempt_at = now()
                                         WHERE a.task_token <> excluded.task_token
                                           AND a.requested_at <= excluded.requested_at
                                        """)
                                .param("order", orderId)
                                .param("amount", total.amount())
                                .param("currency", total.currency().getCurrencyCode())
                                .param("token", token)
                                .param("at", sentAt.atOffset(ZoneOffset.UTC))
                                .update()
                        == 1;
        if (isNew) {
            appendAuditEntry(orderId, "REQUESTED", null, null, null, null);
        } else {
            keepEarlierToken(orderId, token);
        }
        return isNew;
    }

    private void keepEarlierToken(UUID orderId, String token) {
        jdbc.sql(
                        """
                        UPDATE approval SET earlier_tokens = earlier_tokens || CAST(:token AS text)
                        WHERE order_id = :order AND completed_at IS NULL AND :token <> ALL (task_token || earlier_tokens)
                        """)
                .param("order", orderId)
                .param("token", token)
                .update();
    }

    /// Records a decision unless one is recorded, or the order has become final without one.
    ///
    /// @param decidedBy the subject of the operator, or why the system decides
    /// @param decidedByName the name of the operator; null when the system decides
    /// @return whether this decision was recorded
    @Transactional
    public boolean decide(
            UUID orderId,
            ApprovalDecision decision,
            String decidedBy,
            @Nullable String decidedByName,
            @Nullable String note) {
        boolean isFirst =
                jdbc.sql(
                                        """
                                        UPDATE approval
                                        SET decision = :decision, decided_by = :decidedBy,
                                            decided_by_name = :decidedByName, note = :note,
                                            decided_at = now(), next_attempt_at = now()
                                        WHERE order_id = :order AND decision IS NULL AND completed_at IS NULL
                                        """)
                                .param("decision", decision.name())
                                .param("decidedBy", decidedBy)
                                .param("decidedByName", decidedByName)
                                .param("note", note)
                                .param("order", orderId)
                                .update()
                        == 1;
        if (isFirst) {
            appendAuditEntry(orderId, "DECIDED", decision, decidedBy, decidedByName, note);
        }
        return isFirst;
    }

    /// Undecided approvals of orders whose customer has requested a cancellation.
    List<UUID> findUndecidedOfCancelledOrders() {
        return jdbc.sql(
                        """
                        SELECT a.order_id FROM approval a JOIN orders o ON o.id = a.order_id
                        WHERE a.completed_at IS NULL AND a.decision IS NULL
                          AND NOT o.is_final AND o.state = 'CANCEL_REQUESTED'
                        ORDER BY a.requested_at LIMIT 100
                        """)
                .query((row, _) -> row.getObject("order_id", UUID.class))
                .list();
    }

    /// Ends approvals without a decision whose order is final: the workflow waits no longer, for
    /// example because the time limit for the decision has passed. A workflow that asks again later
    /// starts the approval anew.
    ///
    /// @return the number of approvals, 100 at most
    int completeUndecidedOfFinalOrders() {
        return jdbc.sql(
                        """
                        WITH ended AS (
                            UPDATE approval SET completed_at = now()
                             WHERE order_id = ANY (ARRAY (
                                 SELECT a.order_id FROM approval a
                                  WHERE a.completed_at IS NULL AND a.decision IS NULL
                                    AND NOT EXISTS (SELECT FROM orders
                                                     WHERE orders.id = a.order_id AND NOT orders.is_final)
                                  ORDER BY a.requested_at LIMIT 100 FOR UPDATE SKIP LOCKED))
                            RETURNING order_id)
                        INSERT INTO approval_audit (order_id, action)
                        SELECT order_id, 'ENDED_UNDECIDED' FROM ended
                        """)
                .update();
    }

    /// Claims the decision that has been due longest. No other instance claims it for the given
    /// time; if this instance stops, it becomes due again after that.
    Optional<UnsentDecision> claimUnsentDecision(Duration claim) {
        return jdbc.sql(
                        """
                        UPDATE approval
                        SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => :claim)
                        WHERE order_id = (
                            SELECT order_id FROM approval
                            WHERE completed_at IS NULL AND decision IS NOT NULL AND next_attempt_at <= now()
                            ORDER BY next_attempt_at, decided_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                        RETURNING order_id, task_token, decision, attempts
                        """)
                .param("claim", IntervalSeconds.of(claim))
                .query(
                        (row, _) ->
                                new UnsentDecision(
                                        row.getObject("order_id", UUID.class),
                                        row.getString("task_token"),
                                        ApprovalDecision.valueOf(row.getString("decision")),
                                        row.getInt("attempts")))
                .optional();
    }

    /// Makes a decision due with the token of an earlier request, because the workflow did not wait
    /// for the one that it was sent with.
    ///
    /// @param mayHaveBeenTaken whether an earlier attempt, whose response was lost, may have
    ///     completed the task; then the attempts so far still count
    /// @return false when no earlier request is known
    boolean fallBackToEarlierToken(UnsentDecision sent, boolean mayHaveBeenTaken) {
        return jdbc.sql(
                                """
                                UPDATE approval
                                SET task_token = earlier_tokens[1], earlier_tokens = earlier_tokens[2:],
                                    attempts = :attempts, next_attempt_at = now()
                                WHERE order_id = :order AND task_token = :token AND completed_at IS NULL
                                  AND cardinality(earlier_tokens) > 0
                                """)
                        .param("attempts", mayHaveBeenTaken ? sent.attempts() : 0)
                        .param("order", sent.orderId())
                        .param("token", sent.token())
                        .update()
                == 1;
    }

    /// Records that a decision need not be sent again, unless the workflow has sent another token
    /// meanwhile.
    @Transactional
    public void markCompleted(UnsentDecision sent, SendOutcome outcome) {
        boolean isCompleted =
                jdbc.sql(
                                        """
                                        UPDATE approval SET completed_at = now()
                                        WHERE order_id = :order AND task_token = :token AND completed_at IS NULL
                                        """)
                                .param("order", sent.orderId())
                                .param("token", sent.token())
                                .update()
                        == 1;
        if (isCompleted) {
            appendAuditEntry(sent.orderId(), outcome.name(), sent.decision(), null, null, null);
        }
    }

    /// Delays the next attempt to send a decision.
    void postpone(UnsentDecision unsent, Duration delay) {
        jdbc.sql(
                        """
                        UPDATE approval SET next_attempt_at = now() + make_interval(secs => :delay)
                        WHERE order_id = :order AND task_token = :token
                        """)
                .param("delay", IntervalSeconds.of(delay))
                .param("order", unsent.orderId())
                .param("token", unsent.token())
                .update();
    }

    /// The approvals that wait for an operator's decision, longest wait first.
    List<Approval> findPending(int limit) {
        return jdbc.sql(
                        """
                        SELECT a.* FROM approval a JOIN orders o ON o.id = a.order_id
                        WHERE a.completed_at IS NULL AND a.decision IS NULL
                          AND NOT o.is_final AND o.state <> 'CANCEL_REQUESTED'
                        ORDER BY a.requested_at LIMIT :limit
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

    /// The audit entries of an approval, oldest first.
    List<ApprovalAuditEntry> history(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT recorded_at, action, decision, decided_by, decided_by_name, note
                        FROM approval_audit WHERE order_id = :order ORDER BY id
                        """)
                .param("order", orderId)
                .query(
                        (row, _) ->
                                new ApprovalAuditEntry(
                                        instant(row, "recorded_at"),
                                        row.getString("action"),
                                        decision(row.getString("decision")),
                                        row.getString("decided_by"),
                                        row.getString("decided_by_name"),
                                        row.getString("note")))
                .list();
    }

    private void appendAuditEntry(
            UUID orderId,
            String action,
            @Nullable ApprovalDecision decision,
            @Nullable String decidedBy,
            @Nullable String decidedByName,
            @Nullable String note) {
        jdbc.sql(
                        """
                        INSERT INTO approval_audit (order_id, action, decision, decided_by, decided_by_name, note)
                        VALUES (:order, :action, :decision, :decidedBy, :decidedByName, :note)
                        """)
                .param("order", orderId)
                .param("action", action)
                .param("decision", decision == null ? null : decision.name())
                .param("decidedBy", decidedBy)
                .param("decidedByName", decidedByName)
                .param("note", note)
                .update();
    }

    private static Approval approval(ResultSet row) throws SQLException {
        var decision = decision(row.getString("decision"));
        return new Approval(
                row.getObject("order_id", UUID.class),
                Money.of(row.getBigDecimal("total_amount"), row.getString("currency")),
                instant(row, "requested_at"),
                decision == null
                        ? Optional.empty()
                        : Optional.of(
                                new Approval.RecordedDecision(
                                        decision,
                                        row.getString("decided_by"),
                                        Optional.ofNullable(row.getString("decided_by_name")),
                                        Optional.ofNullable(row.getString("note")),
                                        instant(row, "decided_at"))),
                Optional.ofNullable(row.getObject("completed_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }

    private static @Nullable ApprovalDecision decision(@Nullable String name) {
        return name == null ? null : ApprovalDecision.valueOf(name);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
