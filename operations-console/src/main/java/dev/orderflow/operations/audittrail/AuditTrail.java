package dev.orderflow.operations.audittrail;

import dev.orderflow.defaults.operators.Operator;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What operators did in operations-console itself: entries are added and read, never changed.
@Component
public class AuditTrail {

    /// Who records these entries.
    static final String RECORDER = "operations-console";

    private final JdbcClient jdbc;

    AuditTrail(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// An entry of the audit trail.
    ///
    /// @param id increases with time, among the entries of one recorder
    /// @param recordedBy the part of the system that recorded it
    /// @param operator the subject of the operator who made the change
    /// @param operatorName the name of the operator at that time
    /// @param subject the queue, order, message, execution, article or customer that was changed
    /// @param reason why; empty when the action takes no reason
    /// @param detail further facts, without payload
    public record AuditTrailEntry(
            long id,
            Instant at,
            String recordedBy,
            String operator,
            String operatorName,
            String action,
            String subject,
            Optional<String> reason,
            Optional<String> detail) {

        /// Its place in the trail.
        TrailCursor cursor() {
            return new TrailCursor(at, recordedBy, id);
        }
    }

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

    /// The entries before a place, the newest first.
    ///
    /// @param place empty to begin
    List<AuditTrailEntry> findBefore(
            Optional<String> subject, Optional<TrailCursor> place, int limit) {
        return jdbc.sql(
                        """
                        SELECT id, recorded_at, performed_by, performed_by_name, action, subject, reason, detail
                          FROM audit_trail
                         WHERE (recorded_at, id) < (coalesce(CAST(:before AS timestamptz), 'infinity'), :id)
                           %s
                         ORDER BY recorded_at DESC, id DESC
                         LIMIT :limit
                        """
                                .formatted(subject.isPresent() ? "AND subject = :subject" : ""))
                .param(
                        "before",
                        place.map(it -> OffsetDateTime.ofInstant(it.at(), ZoneOffset.UTC))
                                .orElse(null))
                .param("id", place.map(it -> it.idBefore(RECORDER)).orElse(0L))
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
                          FROM audit_trail WHERE subject = :subject ORDER BY recorded_at, id LIMIT :limit
                        """)
                .param("subject", subject)
                .param("limit", limit)
                .query((row, _) -> entry(row))
                .list();
    }

    private static AuditTrailEntry entry(ResultSet row) throws SQLException {
        return new AuditTrailEntry(
                row.getLong("id"),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                RECORDER,
                row.getString("performed_by"),
                row.getString("performed_by_name"),
                row.getString("action"),
                row.getString("subject"),
                Optional.of(row.getString("reason")),
                Optional.ofNullable(row.getString("detail")));
    }
}
