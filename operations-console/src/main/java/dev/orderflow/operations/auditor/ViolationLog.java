package dev.orderflow.operations.auditor;

import dev.orderflow.defaults.database.IntervalSeconds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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

    /// An invariant that an order or an article violates.
    ///
    /// @param subject an order id or an article's SKU
    record ViolationEntry(Invariant invariant, String subject, String detail) {}

    /// An invariant that holds for an order or an article, or does not apply to it.
    record SatisfiedEntry(Invariant invariant, String subject) {}

    /// Records violations with one statement: suspected at first, open when they have lasted for
    /// the grace period.
    ///
    /// @param entries no two of the same invariant and subject
    void recordViolations(Collection<ViolationEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        jdbc.sql(
                        """
                        INSERT INTO violation (invariant, subject, detail, opened_at)
                        SELECT invariant, subject, detail, CASE WHEN :grace_period <= 0 THEN now() END
                        FROM unnest(:invariants::text[], :subjects::text[], :details::text[])
                             AS found (invariant, subject, detail)
                        ON CONFLICT (invariant, subject) WHERE cleared_at IS NULL DO UPDATE
                        SET detail = excluded.detail,
                            opened_at = coalesce(
                                violation.opened_at,
                                CASE WHEN violation.first_seen <= now() - make_interval(secs => :grace_period)
                                     THEN now() END)
                        """)
                .param("invariants", column(entries, it -> it.invariant().name()))
                .param("subjects", column(entries, ViolationEntry::subject))
                .param("details", column(entries, ViolationEntry::detail))
                .param("grace_period", IntervalSeconds.of(properties.gracePeriod()))
                .update();
    }

    /// Clears the violations of invariants that hold or no longer apply, with one statement. Those
    /// that were only suspected are deleted.
    void clearViolations(Collection<SatisfiedEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        jdbc.sql(
                        """
                        WITH satisfied AS (
                            SELECT violation.id, violation.opened_at
                            FROM unnest(:invariants::text[], :subjects::text[]) AS entry (invariant, subject)
                            JOIN violation USING (invariant, subject)
                            WHERE violation.cleared_at IS NULL),
                        suspected AS (
                            DELETE FROM violation USING satisfied
                            WHERE violation.id = satisfied.id AND satisfied.opened_at IS NULL)
                        UPDATE violation SET cleared_at = now() FROM satisfied
                        WHERE violation.id = satisfied.id AND satisfied.opened_at IS NOT NULL
                        """)
                .param("invariants", column(entries, it -> it.invariant().name()))
                .param("subjects", column(entries, SatisfiedEntry::subject))
                .update();
    }

    private static <T> String[] column(Collection<T> entries, Function<T, String> value) {
        return entries.stream().map(value).toArray(String[]::new);
    }

    /// The subjects that some invariants are violated for, suspected ones included.
    List<String> findUncleared(Collection<Invariant> invariants, int limit) {
        return jdbc.sql(
                        """
                        SELECT DISTINCT subject FROM violation
                        WHERE cleared_at IS NULL AND invariant = ANY (:invariants)
                        ORDER BY subject LIMIT :limit
                        """)
                .param("invariants", column(invariants, Invariant::name))
                .param("limit", limit)
                .query((row, _) -> row.getString("subject"))
                .list();
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
                .query((row, _) -> violation(row))
                .list();
    }

    /// The open and cleared violations of a subject, the earliest first.
    public List<RecordedViolation> findBySubject(String subject, int limit) {
        return jdbc.sql(
                        """
                        SELECT id, invariant, subject, detail, first_seen, opened_at, cleared_at
                        FROM violation WHERE subject = :subject AND opened_at IS NOT NULL
                        ORDER BY id LIMIT :limit
                        """)
                .param("subject", subject)
                .param("limit", limit)
                .query((row, _) -> violation(row))
                .list();
    }

    private static RecordedViolation violation(ResultSet row) throws SQLException {
        return new RecordedViolation(
                row.getLong("id"),
                Invariant.valueOf(row.getString("invariant")),
                row.getString("subject"),
                row.getString("detail"),
                row.getObject("first_seen", OffsetDateTime.class).toInstant(),
                row.getObject("opened_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("cleared_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
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
