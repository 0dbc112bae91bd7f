package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.database.IntervalSeconds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What the dead-letter queues contained when they were last scanned, without the bodies.
///
/// SQS can neither search nor count messages, and each look at a queue costs one call for ten
/// messages. So [DeadLetterScanner] reads the queues in the background, and people search here.
@Repository
public class DeadLetterIndex {

    /// The most dead letters that are shown of one order.
    public static final int MAX_PER_ORDER = 200;

    private static final String COLUMNS =
            """
            SELECT queue, message_id, order_id, type, fingerprint, reason, reported_by, trace_id,
                   target_queue, sent_at, seen_at
              FROM dead_letter
            """;

    /// Why a queue has not been read for long, although no scan failed.
    private static final String OVERDUE =
            "a redrive is running, or another reader holds its messages";

    /// How long after its time a scan is overdue: longer than a scan takes.
    private static final Duration GRACE_PERIOD = Duration.ofMinutes(5);

    private final JdbcClient jdbc;

    DeadLetterIndex(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// A dead letter as it was last seen.
    ///
    /// @param targetQueue the queue that a redrive sends it to; empty when there is none
    /// @param sentAt when it was sent to the dead-letter queue
    public record IndexedDeadLetter(
            String queue,
            String messageId,
            Optional<UUID> orderId,
            String type,
            String fingerprint,
            String reason,
            FailureCause.CauseSource reportedBy,
            Optional<String> traceId,
            Optional<String> targetQueue,
            Instant sentAt,
            Instant seenAt) {}

    /// When a queue was scanned.
    ///
    /// @param completeAt when the last scan that read the whole queue began; empty before the first
    /// @param messages how many messages it had
    /// @param problem why the index does not have what the queue has now: the last scan failed, or
    ///     the next one is overdue; empty when there is no problem
    /// @param problemSince since when
    public record ScanState(
            String queue,
            Optional<Instant> completeAt,
            int messages,
            Optional<String> problem,
            Optional<Instant> problemSince) {}

    /// The dead letters that name an order, the earliest first, [#MAX_PER_ORDER] at most.
    public List<IndexedDeadLetter> findByOrder(UUID orderId) {
        return jdbc.sql(
                        COLUMNS
                                + """
                                 WHERE order_id = :order
                                 ORDER BY sent_at, queue, message_id LIMIT :limit
                                """)
                .param("order", orderId)
                .param("limit", MAX_PER_ORDER)
                .query((row, _) -> letter(row))
                .list();
    }

    /// Whether a message that was sent to a consumer is in a dead-letter queue: SQS moves the
    /// message itself there, and a consumer that rejects it sends a copy that names it.
    boolean isBack(String messageId) {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM dead_letter WHERE message_id = :id)
                            OR EXISTS (SELECT FROM dead_letter WHERE source_message_id = :id)
                        """)
                .param("id", messageId)
                .query(Boolean.class)
                .single();
    }

    /// When the last scan that read the whole queue began: a message that was there then, and is
    /// not in the index, has left the queue.
    Optional<Instant> findLastScan(String queue) {
        return jdbc.sql("SELECT complete_at FROM dead_letter_scan WHERE queue = :queue")
                .param("queue", queue)
                .query((row, _) -> Optional.ofNullable(findInstant(row, "complete_at")))
                .optional()
                .flatMap(found -> found);
    }

    /// The dead letters that match a filter, the newest first.
    ///
    /// @param after the last one of the page before; empty to begin
    public List<IndexedDeadLetter> search(
            DeadLetterFilter filter, Optional<DeadLetterFilter.Position> after, int limit) {
        var conditions = toConditions(filter);
        after.ifPresent(
                position -> {
                    conditions.add(
                            "(sent_at, queue, message_id) < (:positionAt, :positionQueue, :positionId)",
                            "positionAt",
                            position.sentAt().atOffset(ZoneOffset.UTC));
                    conditions.parameters.put("positionQueue", position.queue());
                    conditions.parameters.put("positionId", position.messageId());
                });
        return jdbc.sql(
                        COLUMNS
                                + conditions.where()
                                + " ORDER BY sent_at DESC, queue DESC, message_id DESC LIMIT :limit")
                .params(conditions.parameters)
                .param("limit", limit)
                .query((row, _) -> letter(row))
                .list();
    }

    /// How many dead letters match a filter.
    int count(DeadLetterFilter filter) {
        var conditions = toConditions(filter);
        return jdbc.sql("SELECT count(*) FROM dead_letter" + conditions.where())
                .params(conditions.parameters)
                .query(Integer.class)
                .single();
    }

    private static DeadLetterConditions toConditions(DeadLetterFilter filter) {
        var conditions = new DeadLetterConditions();
        // Only what is asked for is in the statement, so that each has the plan of its index.
        filter.orderId().ifPresent(it -> conditions.add("order_id = :order", "order", it));
        filter.queue().ifPresent(it -> conditions.add("queue = :queue", "queue", it));
        filter.type().ifPresent(it -> conditions.add("type = :type", "type", it));
        filter.fingerprint()
                .ifPresent(it -> conditions.add("fingerprint = :fingerprint", "fingerprint", it));
        filter.reasonPrefix()
                .ifPresent(
                        it ->
                                conditions.add(
                                        "lower(reason) LIKE lower(:reason)",
                                        "reason",
                                        escapeLike(it) + "%"));
        filter.sentBefore()
                .ifPresent(
                        it ->
                                conditions.add(
                                        "sent_at <= :before",
                                        "before",
                                        it.atOffset(ZoneOffset.UTC)));
        filter.sentAfter()
                .ifPresent(
                        it ->
                                conditions.add(
                                        "sent_at >= :after", "after", it.atOffset(ZoneOffset.UTC)));
        return conditions;
    }

    /// The conditions of one search with their parameters.
    private static final class DeadLetterConditions {
        private final List<String> conditions = new ArrayList<>();
        private final Map<String, Object> parameters = new LinkedHashMap<>();

        void add(String condition, String parameter, Object value) {
            conditions.add(condition);
            parameters.put(parameter, value);
        }

        String where() {
            return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        }
    }

    private static String escapeLike(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    /// The state of the scans of these queues; a queue that was never scanned is missing.
    public List<ScanState> scans() {
        return jdbc.sql(
                        """
                        SELECT queue, complete_at, message_count,
                               coalesce(problem, CASE WHEN next_due_at < now() THEN :overdue END)
                                   AS problem,
                               coalesce(problem_since,
                                        CASE WHEN next_due_at < now() THEN next_due_at END)
                                   AS problem_since
                          FROM dead_letter_scan ORDER BY queue
                        """)
                .param("overdue", OVERDUE)
                .query(
                        (row, _) ->
                                new ScanState(
                                        row.getString("queue"),
                                        Optional.ofNullable(findInstant(row, "complete_at")),
                                        row.getInt("message_count"),
                                        Optional.ofNullable(row.getString("problem")),
                                        Optional.ofNullable(findInstant(row, "problem_since"))))
                .list();
    }

    /// Acquires the lease of a queue for a scan.
    ///
    /// @return the number of messages of the last scan; empty when another instance scans the queue
    Optional<ScanLease> acquireLease(String queue, UUID owner, Duration lease) {
        jdbc.sql("INSERT INTO dead_letter_scan (queue) VALUES (:queue) ON CONFLICT DO NOTHING")
                .param("queue", queue)
                .update();
        return jdbc.sql(
                        """
                        UPDATE dead_letter_scan
                           SET lease_owner = :owner, lease_expires_at = now() + make_interval(secs => :lease)
                         WHERE queue = :queue AND lease_expires_at <= now()
                        RETURNING message_count, next_scan_at <= now() AS due, now() AS started_at
                        """)
                .param("queue", queue)
                .param("owner", owner)
                .param("lease", IntervalSeconds.of(lease))
                .query(
                        (row, _) ->
                                new ScanLease(
                                        row.getInt("message_count"),
                                        row.getBoolean("due"),
                                        instant(row, "started_at")))
                .optional();
    }

    /// @param messages how many messages the last scan found
    /// @param due whether it is time for the next scan
    /// @param startedAt the database's time, for the messages that are seen
    record ScanLease(int messages, boolean due, Instant startedAt) {}

    /// How a scan ended.
    ///
    /// @param complete whether the whole queue was read
    /// @param messages how many messages it had
    /// @param problem why the scan failed; empty when it did not
    record ScanEnd(boolean complete, int messages, Optional<String> problem) {

        static ScanEnd failed(String problem) {
            return new ScanEnd(false, 0, Optional.of(problem));
        }
    }

    /// Releases a lease and records how the scan ended.
    void endScan(String queue, UUID owner, Instant startedAt, ScanEnd end, Duration nextScan) {
        jdbc.sql(
                        """
                        UPDATE dead_letter_scan
                           SET lease_owner = NULL, lease_expires_at = '-infinity',
                               next_scan_at = now() + make_interval(secs => :next),
                               complete_at = CASE WHEN :complete THEN :started ELSE complete_at END,
                               next_due_at = CASE WHEN :complete
                                                  THEN now() + make_interval(secs => :next + :grace)
                                                  ELSE next_due_at END,
                               message_count = CASE WHEN :complete THEN :messages ELSE message_count END,
                               problem_since = CASE WHEN :problem::text IS NULL THEN NULL
                                                    ELSE coalesce(problem_since, now()) END,
                               problem = :problem
                         WHERE queue = :queue AND lease_owner = :owner
                        """)
                .param("queue", queue)
                .param("owner", owner)
                .param("started", startedAt.atOffset(ZoneOffset.UTC))
                .param("complete", end.complete())
                .param("messages", end.messages())
                .param("next", IntervalSeconds.of(nextScan))
                .param("grace", IntervalSeconds.of(GRACE_PERIOD))
                .param("problem", end.problem().orElse(null))
                .update();
    }

    /// Releases a lease without a scan.
    void releaseLease(String queue, UUID owner) {
        jdbc.sql(
                        """
                        UPDATE dead_letter_scan SET lease_owner = NULL, lease_expires_at = '-infinity'
                         WHERE queue = :queue AND lease_owner = :owner
                        """)
                .param("queue", queue)
                .param("owner", owner)
                .update();
    }

    /// Makes the next scan of a queue due now.
    void requestScan(String queue) {
        jdbc.sql("UPDATE dead_letter_scan SET next_scan_at = now() WHERE queue = :queue")
                .param("queue", queue)
                .update();
    }

    /// Stores messages that were seen, in one statement.
    ///
    /// @param targetQueue the queue that a redrive sends a message to
    void store(
            String queue,
            Collection<DeadLetter> seen,
            Function<DeadLetter, Optional<String>> targetQueue,
            Instant seenAt) {
        if (seen.isEmpty()) {
            return;
        }
        // A standard queue may deliver a message twice, and no statement may update a row twice.
        var letters =
                List.copyOf(
                        seen.stream()
                                .collect(
                                        Collectors.toMap(
                                                DeadLetter::id, it -> it, (first, _) -> first))
                                .values());
        jdbc.sql(
                        """
                        INSERT INTO dead_letter
                               (queue, message_id, order_id, type, fingerprint, reason, reported_by, trace_id,
                                target_queue, source_message_id, sent_at, seen_at)
                        SELECT :queue, new.*, :seen
                          FROM unnest(:ids::text[], :orders::uuid[], :types::text[], :fingerprints::text[],
                                      :reasons::text[], :reporters::text[], :traces::text[], :targets::text[],
                                      :sources::text[], :sent::timestamptz[]) AS new
                        ON CONFLICT ON CONSTRAINT dead_letter_key DO UPDATE SET seen_at = excluded.seen_at
                        """)
                .param("queue", queue)
                .param("seen", seenAt.atOffset(ZoneOffset.UTC))
                .param("ids", texts(letters, DeadLetter::id))
                .param(
                        "orders",
                        texts(
                                letters,
                                it -> it.contents().orderId().map(UUID::toString).orElse(null)))
                .param("types", texts(letters, it -> it.contents().type()))
                .param("fingerprints", texts(letters, it -> it.cause().fingerprint()))
                .param("reasons", texts(letters, it -> it.cause().reason()))
                .param("reporters", texts(letters, it -> it.cause().reportedBy().name()))
                .param("traces", texts(letters, it -> it.contents().fields().get("traceId")))
                .param("targets", texts(letters, it -> targetQueue.apply(it).orElse(null)))
                .param("sources", texts(letters, DeadLetter::sourceMessageId))
                .param("sent", texts(letters, it -> it.sentAt().toString()))
                .update();
    }

    private static @Nullable String[] texts(
            List<DeadLetter> letters, Function<DeadLetter, @Nullable String> value) {
        return letters.stream().map(value).toArray(String[]::new);
    }

    /// Deletes the messages of a queue that a scan of the whole queue has not seen.
    void deleteUnseen(String queue, Instant seenSince) {
        jdbc.sql("DELETE FROM dead_letter WHERE queue = :queue AND seen_at < :since")
                .param("queue", queue)
                .param("since", seenSince.atOffset(ZoneOffset.UTC))
                .update();
    }

    /// Deletes a message that was redriven or discarded.
    void delete(String queue, String messageId) {
        jdbc.sql("DELETE FROM dead_letter WHERE queue = :queue AND message_id = :id")
                .param("queue", queue)
                .param("id", messageId)
                .update();
    }

    private static IndexedDeadLetter letter(ResultSet row) throws SQLException {
        return new IndexedDeadLetter(
                row.getString("queue"),
                row.getString("message_id"),
                Optional.ofNullable(row.getObject("order_id", UUID.class)),
                row.getString("type"),
                row.getString("fingerprint"),
                row.getString("reason"),
                FailureCause.CauseSource.valueOf(row.getString("reported_by")),
                Optional.ofNullable(row.getString("trace_id")),
                Optional.ofNullable(row.getString("target_queue")),
                instant(row, "sent_at"),
                instant(row, "seen_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant findInstant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
