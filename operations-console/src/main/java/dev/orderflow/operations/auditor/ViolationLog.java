package dev.orderflow.operations.auditor;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What does not hold, and since when. The database's clock rules.
@Repository
class ViolationLog {

    /// @param openedAt when the grace was over
    /// @param clearedAt when it held again; empty while it does not
    record RecordedViolation(
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

    /// Writes down what was seen just now: suspected at first, open when the grace is over.
    void recordViolation(Invariant invariant, String subject, String detail) {
        jdbc.sql(
                        """
                        INSERT INTO violation (invariant, subject, detail, opened_at)
                        VALUES (:invariant, :subject, :detail, CASE WHEN :grace <= 0 THEN now() END)
                        ON CONFLICT (invariant, subject) WHERE cleared_at IS NULL DO UPDATE
                        SET detail = excluded.detail,
                            opened_at = coalesce(
                                violation.opened_at,
                                CASE WHEN violation.first_seen <= now() - make_interval(secs => :grace)
                                     THEN now() END)
                        """)
                .param("invariant", invariant.name())
                .param("subject", subject)
                .param("detail", detail)
                .param("grace", seconds(properties.grace()))
                .update();
    }

    /// It holds, or says nothing any more. A suspicion that came to nothing is forgotten.
    void clearViolation(Invariant invariant, String subject) {
        jdbc.sql(
                        """
                        WITH forgotten AS (
                            DELETE FROM violation
                            WHERE invariant = :invariant AND subject = :subject AND opened_at IS NULL)
                        UPDATE violation SET cleared_at = now()
                        WHERE invariant = :invariant AND subject = :subject
                          AND opened_at IS NOT NULL AND cleared_at IS NULL
                        """)
                .param("invariant", invariant.name())
                .param("subject", subject)
                .update();
    }

    /// What counts, newest first.
    ///
    /// @param clearedToo also what holds again
    /// @param before only those older than this one
    List<RecordedViolation> all(boolean clearedToo, long before, int most) {
        return jdbc.sql(
                        """
                        SELECT id, invariant, subject, detail, first_seen, opened_at, cleared_at
                        FROM violation
                        WHERE opened_at IS NOT NULL AND id < :before AND (:cleared_too OR cleared_at IS NULL)
                        ORDER BY id DESC
                        LIMIT :most
                        """)
                .param("before", before)
                .param("cleared_too", clearedToo)
                .param("most", most)
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

    /// How many count now.
    Map<Invariant, Long> open() {
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

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
