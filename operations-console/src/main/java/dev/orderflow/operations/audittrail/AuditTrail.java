package dev.orderflow.operations.audittrail;

import dev.orderflow.defaults.operators.Operator;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The audit trail: entries are added and read, never changed.
@Component
public class AuditTrail {

    private final JdbcClient jdbc;

    AuditTrail(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// An entry of the audit trail.
    ///
    /// @param id increases with time
    /// @param operator the subject of the operator who made the change
    /// @param operatorName the name of the operator at that time
    /// @param subject the queue, order, message, execution or customer that was changed
    /// @param detail further facts, without payload
    public record AuditTrailEntry(
            long id,
            Instant at,
            String operator,
            String operatorName,
            String action,
            String subject,
            String reason,
            Optional<String> detail) {}

    /// Adds an entry. It is committed when this returns.
    public void record(
            Operator operator, String action, String subject, String reason, String detail) {
        jdbc.sql(
                        """
                        INSERT INTO audit_trail (performed_by, performed_by_name, action, subject, reason, detail)
                        VALUES (:operator, :name, :action, :subject, :reason, :detail)
                        """)
                .param("operator", operator.subject())
                .param("name", operator.name())
                .param("action", action)
                .param("subject", subject)
                .param("reason", reason)
                .param("detail", detail)
                .update();
    }

    /// The entries before a given one, the newest first.
    ///
    /// @param before the id of an entry, [Long#MAX_VALUE] to begin
    public List<AuditTrailEntry> before(Optional<String> subject, long before, int limit) {
        return jdbc.sql(
                        """
                        SELECT id, recorded_at, performed_by, performed_by_name, action, subject, reason, detail
                          FROM audit_trail
                         WHERE id < :before AND (:any OR subject = :subject)
                         ORDER BY id DESC
                         LIMIT :limit
                        """)
                .param("before", before)
                .param("any", subject.isEmpty())
                .param("subject", subject.orElse(""))
                .param("limit", limit)
                .query((row, _) -> entry(row))
                .list();
    }

    /// The entries about a subject, the earliest first.
    public List<AuditTrailEntry> findBySubject(String subject, int limit) {
        return jdbc.sql(
                        """
                        SELECT id, recorded_at, performed_by, performed_by_name, action, subject, reason, detail
                          FROM audit_trail WHERE subject = :subject ORDER BY id LIMIT :limit
                        """)
                .param("subject", subject)
                .param("limit", limit)
                .query((row, _) -> entry(row))
                .list();
    }

    private static AuditTrailEntry entry(ResultSet row) throws SQLException {
        return new AuditTrailEntry(
                row.getLong("id"),
                row.getTimestamp("recorded_at").toInstant(),
                row.getString("performed_by"),
                row.getString("performed_by_name"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("reason"),
                Optional.ofNullable(row.getString("detail")));
    }
}
