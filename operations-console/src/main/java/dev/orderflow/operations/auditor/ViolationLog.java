package dev.orderflow.operations.auditor;

import dev.orderflow.defaults.database.IntervalSeconds;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The violations, suspected, open and cleared. All times are those of the database's clock.
@Repository
public class ViolationLog {

    /// A violation that outlasted the grace period.
    ///
    /// @param subject an order id or an article's SKU
    /// @param openedAt when it had lasted for the grace period
    /// @param clearedAt when the invariant held again; empty while it is violated
    public record RecordedViolation(
            long id,
            Invariant invariant,
            String subject,
            String detail,
            Instant firstSeen,
            Instant openedAt,
            Optional<Instant> clearedAt) {}

    private final JdbcClient jdbc;
    private final AuditorProperties properties;

    ViolationLog(JdbcClient jdbc, AuditorProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    /// Records a violation: suspected at first, open when it has lasted for the grace period.
    void recordViolation(Invariant invariant, String subject, String detail) {
        jdbc.sql(
                        """
                        INSERT INTO violation (invariant, subject, detail, opened_at)
                        VALUES (:invariant, :subject, :detail, CASE WHEN :grace_period <= 0 THEN now() END)
                        ON CONFLICT (invariant, subject) WHERE cleared_at IS NULL DO UPDATE
                        SET detail = excluded.detail,
                            opened_at = coalesce(
                                violation.opened_at,
                                CASE WHEN violation.first_seen <= now() - make_interval(secs => :grace_period)
                                     THEN now() END)
                        """)
                .param("invariant", invariant.name())
                .param("subject", subject)
                .param("detail", detail)
                .param("grace_period", IntervalSeconds.of(properties.gracePeriod()))
                .update();
    }

    /// Clears the violation of an invariant that holds or no longer applies. One that was only
    /// suspected is deleted.
    void clearViolation(Invariant invariant, String subject) {
        jdbc.sql(
                        """
                        WITH suspected AS (
                            DELETE FROM violation
                            WHERE invariant = :invariant AND subject = :subject
                              AND opened_at IS NULL AND cleared_at IS NULL)
                        UPDATE violation SET cleared_at = now()
                        WHERE invariant = :invariant AND subject = :subject
                          AND opened_at IS NOT NULL AND cleared_at IS NULL
                        """)
                .param("invariant", invariant.name())
                .param("subject", subject)
                .update();
    }

    /// Open violations, the newest first.
    ///
    /// @param includeCleared whether to return cleared violations, too
    /// @param before returns only violations with a lower id
    public List<RecordedViolation> findViolations(boolean includeCleared, long before, int limit) {
        return jdbc.sql(
                        """
                        SELECT id, invariant, subject, detail, first_seen, opened_at, cleared_at
                        FROM violation
                        WHERE opened_at IS NOT NULL AND id < :before AND (:include_cleared OR cleared_at IS NULL)
                        ORDER BY id DESC
                        LIMIT :limit
                        """)
                .param("before", before)
                .param("include_cleared", includeCleared)
                .param("limit", limit)
                .query(
                        (row, _) ->
                                new RecordedViolation(
                                        row.getLong("id"),
                                        Invariant.valueOf(row.getString("invariant")),
                                        row.getString("subject"),
                                        row.getString("detail"),
                                        row.getObject("first_seen", OffsetDateTime.class)
                                                .toInstant(),
                                        row.getObject("opened_at", OffsetDateTime.class)
                                                .toInstant(),
                                        Optional.ofNullable(
                                                        row.getObject(
                                                                "cleared_at", OffsetDateTime.class))
                                                .map(OffsetDateTime::toInstant)))
                .list();
    }

    /// The number of open violations by invariant.
    Map<Invariant, Long> countOpen() {
        var open = new EnumMap<Invariant, Long>(Invariant.class);
        jdbc.sql(
                        """
                        SELECT invariant, count(*) AS number FROM violation
                        WHERE opened_at IS NOT NULL AND cleared_at IS NULL
                        GROUP BY invariant
                        """)
                .query(
                        row -> {
                            open.put(
                                    Invariant.valueOf(row.getString("invariant")),
                                    row.getLong("number"));
                        });
        return open;
    }
}
