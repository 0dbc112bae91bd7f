package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.operators.Operator;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The dead letters of all queues by cause, as of the last scan of each queue, with the owner and
/// the note that operators gave to a group.
///
/// A group lasts as long as dead letters of its fingerprint do; owner and note stay, for the case
/// that the cause comes back.
@Repository
public class DeadLetterGroups {

    private static final String GROUPS =
            """
            SELECT letters.*, coalesce(note.version, 0) AS version, note.owner, note.note, note.changed_by,
                   note.changed_by_name, note.changed_at
              FROM (SELECT queue, fingerprint, min(reason) AS reason, min(reported_by) AS reported_by,
                           count(*) AS count, min(sent_at) AS oldest, max(sent_at) AS newest
                      FROM dead_letter GROUP BY queue, fingerprint) AS letters
              LEFT JOIN dead_letter_group AS note USING (fingerprint)
            """;

    private final JdbcClient jdbc;

    DeadLetterGroups(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// The dead letters of one queue with one cause.
    public record DeadLetterGroup(
            String queue,
            String fingerprint,
            String reason,
            FailureCause.CauseSource reportedBy,
            int count,
            Instant oldest,
            Instant newest,
            GroupNote note) {}

    /// What operators wrote about a group.
    ///
    /// @param version 0 when they wrote nothing; each change increments it
    /// @param owner who cares for it: a person or a team
    /// @param changedBy the subject of the operator who changed it last
    public record GroupNote(
            int version,
            Optional<String> owner,
            Optional<String> note,
            Optional<String> changedBy,
            Optional<String> changedByName,
            Optional<Instant> changedAt) {}

    /// Where a page ends.
    public record GroupPosition(int count, String queue, String fingerprint) {

        private static final Pattern CURSOR =
                Pattern.compile("([0-9]{1,9})~([A-Za-z0-9_-]{1,80})~([0-9a-f]{4,64})");

        /// The place of a group.
        public static GroupPosition of(DeadLetterGroup group) {
            return new GroupPosition(group.count(), group.queue(), group.fingerprint());
        }

        /// The place as a cursor.
        public String toCursor() {
            return "%d~%s~%s".formatted(count, queue, fingerprint);
        }

        /// The place of a cursor; empty when it is none.
        public static Optional<GroupPosition> ofCursor(String cursor) {
            var parts = CURSOR.matcher(cursor);
            return parts.matches()
                    ? Optional.of(
                            new GroupPosition(
                                    Integer.parseInt(parts.group(1)),
                                    parts.group(2),
                                    parts.group(3)))
                    : Optional.empty();
        }
    }

    /// The groups, the largest first.
    ///
    /// @param owner only groups of this owner
    /// @param after the last one of the page before
    public List<DeadLetterGroup> find(
            Optional<String> queue,
            Optional<String> owner,
            Optional<GroupPosition> after,
            int limit) {
        return jdbc.sql(
                        GROUPS
                                + """
                                 WHERE (:queue::text IS NULL OR queue = :queue)
                                   AND (:owner::text IS NULL OR owner = :owner)
                                   AND (:fingerprint::text IS NULL
                                        OR (-count, queue, fingerprint) > (-:count::bigint, :afterQueue::text, :fingerprint::text))
                                 ORDER BY count DESC, queue, fingerprint LIMIT :limit
                                """)
                .param("queue", queue.orElse(null))
                .param("owner", owner.orElse(null))
                .param("fingerprint", after.map(GroupPosition::fingerprint).orElse(null))
                .param("afterQueue", after.map(GroupPosition::queue).orElse(null))
                .param("count", after.map(GroupPosition::count).orElse(null))
                .param("limit", limit)
                .query((row, _) -> group(row))
                .list();
    }

    /// The groups of a fingerprint; empty when its dead letters are gone.
    public List<DeadLetterGroup> find(String fingerprint) {
        return jdbc.sql(GROUPS + " WHERE fingerprint = :fingerprint ORDER BY queue")
                .param("fingerprint", fingerprint)
                .query((row, _) -> group(row))
                .list();
    }

    /// What operators wrote about a fingerprint.
    public GroupNote findNote(String fingerprint) {
        return jdbc.sql("SELECT * FROM dead_letter_group WHERE fingerprint = :fingerprint")
                .param("fingerprint", fingerprint)
                .query((row, _) -> note(row))
                .optional()
                .orElse(
                        new GroupNote(
                                0,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
    }

    /// Replaces owner and note.
    ///
    /// @param version the version that the operator saw
    /// @return false when another operator has changed them since
    boolean update(
            String fingerprint,
            int version,
            Optional<String> owner,
            Optional<String> note,
            Operator operator) {
        return jdbc.sql(
                                """
                                INSERT INTO dead_letter_group
                                       (fingerprint, version, owner, note, changed_by, changed_by_name)
                                SELECT :fingerprint, :version + 1, :owner, :note, :operator, :name
                                 WHERE :version = 0
                                    OR EXISTS (SELECT FROM dead_letter_group WHERE fingerprint = :fingerprint)
                                ON CONFLICT ON CONSTRAINT dead_letter_group_key DO UPDATE
                                   SET version = excluded.version, owner = excluded.owner, note = excluded.note,
                                       changed_by = excluded.changed_by,
                                       changed_by_name = excluded.changed_by_name, changed_at = now()
                                 WHERE dead_letter_group.version = :version
                                """)
                        .param("fingerprint", fingerprint)
                        .param("version", version)
                        .param("owner", owner.orElse(null))
                        .param("note", note.orElse(null))
                        .param("operator", operator.subject())
                        .param("name", operator.name())
                        .update()
                == 1;
    }

    private static DeadLetterGroup group(ResultSet row) throws SQLException {
        return new DeadLetterGroup(
                row.getString("queue"),
                row.getString("fingerprint"),
                row.getString("reason"),
                FailureCause.CauseSource.valueOf(row.getString("reported_by")),
                row.getInt("count"),
                row.getObject("oldest", OffsetDateTime.class).toInstant(),
                row.getObject("newest", OffsetDateTime.class).toInstant(),
                note(row));
    }

    private static GroupNote note(ResultSet row) throws SQLException {
        return new GroupNote(
                row.getInt("version"),
                Optional.ofNullable(row.getString("owner")),
                Optional.ofNullable(row.getString("note")),
                Optional.ofNullable(row.getString("changed_by")),
                Optional.ofNullable(row.getString("changed_by_name")),
                Optional.ofNullable(row.getObject("changed_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }
}
