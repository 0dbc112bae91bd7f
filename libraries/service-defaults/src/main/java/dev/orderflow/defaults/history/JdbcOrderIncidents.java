package dev.orderflow.defaults.history;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.tracing.TracePropagation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Stores incidents in the table `order_incident`, in batches, by a thread of its own: the caller
/// may be in a transaction that is rolled back, or may have failed because the database did. While
/// the database is unavailable, incidents wait in memory; when too many wait, further ones are
/// dropped. The table, in each service:
///
/// ```sql
/// CREATE TABLE order_incident (
///     order_id    uuid        NOT NULL,
///     type        text        NOT NULL,
///     subject     text        NOT NULL,
///     detail      text        NOT NULL,
///     trace_id    text,
///     first_at    timestamptz NOT NULL,
///     last_at     timestamptz NOT NULL,
///     occurrences int         NOT NULL,
///     CONSTRAINT order_incident_pk PRIMARY KEY (order_id, type, subject, detail)
/// );
/// ```
final class JdbcOrderIncidents implements OrderIncidents, SmartLifecycle {

    /// So that a failure whose text differs at each repetition does not fill the disk.
    static final int MAX_INCIDENTS_PER_ORDER = 200;

    private static final Logger log = LoggerFactory.getLogger(JdbcOrderIncidents.class);
    private static final int CAPACITY = 10_000;
    private static final int BATCH_SIZE = 200;
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final JdbcClient jdbc;
    private final TracePropagation traces;
    private final String service;
    private final BlockingQueue<OrderIncident> waiting = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicInteger unstored = new AtomicInteger();
    private volatile boolean stopping;
    private volatile @Nullable Thread writer;

    /// @param service the participant of the entries
    JdbcOrderIncidents(JdbcClient jdbc, TracePropagation traces, String service) {
        this.jdbc = jdbc;
        this.traces = traces;
        this.service = service;
    }

    @Override
    public void record(
            UUID orderId, OrderIncidentType type, String subject, String detail, Instant since) {
        var incident =
                new OrderIncident(
                        orderId,
                        type,
                        subject,
                        FailureDescription.replaceClasses(detail),
                        since,
                        Instant.now(),
                        traces.traceparent().flatMap(JdbcOrderIncidents::traceId).orElse(null));
        unstored.incrementAndGet();
        if (!waiting.offer(incident)) {
            unstored.decrementAndGet();
            log.debug("order {}: {} was not recorded, too many incidents wait", orderId, type);
        }
    }

    private static Optional<String> traceId(String traceparent) {
        var parts = traceparent.split("-");
        return parts.length == 4 ? Optional.of(parts[1]) : Optional.empty();
    }

    @Override
    public List<OrderHistoryEntry> find(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT type, subject, detail, trace_id, first_at, last_at, occurrences
                        FROM order_incident WHERE order_id = :order ORDER BY first_at, last_at
                        """)
                .param("order", orderId)
                .query((row, _) -> entry(row))
                .list();
    }

    private OrderHistoryEntry entry(ResultSet row) throws SQLException {
        var type = OrderIncidentType.valueOf(row.getString("type"));
        var from = row.getObject("first_at", OffsetDateTime.class).toInstant();
        var until = row.getObject("last_at", OffsetDateTime.class).toInstant();
        int occurrences = row.getInt("occurrences");
        var subject = row.getString("subject");
        return OrderHistoryEntry.of(
                        from,
                        service,
                        type.name(),
                        type.outcome(),
                        row.getString("detail")
                                + (occurrences > 1 ? " (" + occurrences + " times)" : ""))
                .until(until.equals(from) ? null : until)
                .withId("traceId", row.getString("trace_id"))
                .withId(
                        type.name().startsWith("MESSAGE_") ? "messageId" : "subject",
                        subject.isEmpty() ? null : subject);
    }

    @Override
    public void start() {
        stopping = false;
        writer = Thread.ofVirtual().name("order-incidents").start(this::writeAll);
    }

    /// Stores what is waiting, unless the database does not respond.
    @Override
    public void stop() {
        stopping = true;
        var thread = writer;
        writer = null;
        if (thread == null) {
            return;
        }
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                log.info("{} incidents of orders were not stored", unstored.get());
                thread.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return writer != null;
    }

    /// After the listeners and the web server, whose last incidents are still to be stored.
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1_000;
    }

    /// Whether every recorded incident is stored.
    boolean isEverythingStored() {
        return unstored.get() == 0;
    }

    private void writeAll() {
        try {
            while (true) {
                var first = waiting.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    if (stopping) {
                        return;
                    }
                    continue;
                }
                var batch = new ArrayList<OrderIncident>();
                batch.add(first);
                waiting.drainTo(batch, BATCH_SIZE - 1);
                while (!store(batch)) {
                    if (stopping) {
                        return;
                    }
                    Thread.sleep(RETRY_DELAY);
                }
                unstored.addAndGet(-batch.size());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private record StoredIncident(OrderIncident incident, Instant until, int occurrences) {

        StoredIncident merge(StoredIncident later) {
            return new StoredIncident(
                    incident,
                    later.until.isAfter(until) ? later.until : until,
                    occurrences + later.occurrences);
        }
    }

    private boolean store(List<OrderIncident> batch) {
        // A statement must not update a row twice.
        var merged = new LinkedHashMap<OrderIncident.IncidentKey, StoredIncident>();
        for (var incident : batch) {
            merged.merge(
                    incident.key(),
                    new StoredIncident(incident, incident.until(), 1),
                    StoredIncident::merge);
        }
        // Sorted, so that two instances with the same orders cannot deadlock.
        var rows =
                merged.values().stream()
                        .sorted(Comparator.comparing(row -> row.incident().key().toString()))
                        .toList();
        try {
            insert(rows);
            return true;
        } catch (RuntimeException | Error failure) {
            log.debug(
                    "{} incidents of orders could not be stored, retrying: {}",
                    rows.size(),
                    FailureDescription.of(failure));
            return false;
        }
    }

    private void insert(List<StoredIncident> rows) {
        jdbc.sql(
                        """
                        INSERT INTO order_incident AS known
                               (order_id, type, subject, detail, trace_id, first_at, last_at, occurrences)
                        SELECT * FROM unnest(
                                 :orders::uuid[], :types::text[], :subjects::text[], :details::text[],
                                 :traces::text[], :from::timestamptz[], :until::timestamptz[], :occurrences::int[])
                                 AS new (order_id, type, subject, detail, trace_id, first_at, last_at, occurrences)
                         WHERE (SELECT count(*) FROM order_incident AS other
                                 WHERE other.order_id = new.order_id) < :limit
                        ON CONFLICT ON CONSTRAINT order_incident_pk DO UPDATE
                           SET first_at = least(known.first_at, excluded.first_at),
                               last_at = greatest(known.last_at, excluded.last_at),
                               occurrences = known.occurrences + excluded.occurrences,
                               trace_id = coalesce(excluded.trace_id, known.trace_id)
                        """)
                .param("orders", texts(rows, row -> row.incident().orderId().toString()))
                .param("types", texts(rows, row -> row.incident().type().name()))
                .param("subjects", texts(rows, row -> row.incident().subject()))
                .param("details", texts(rows, row -> row.incident().detail()))
                .param("traces", texts(rows, row -> row.incident().traceId()))
                .param("from", texts(rows, row -> row.incident().from().toString()))
                .param("until", texts(rows, row -> row.until().toString()))
                .param("occurrences", texts(rows, row -> Integer.toString(row.occurrences())))
                .param("limit", MAX_INCIDENTS_PER_ORDER)
                .update();
    }

    private static @Nullable String[] texts(
            List<StoredIncident> rows, Function<StoredIncident, @Nullable String> value) {
        return rows.stream().map(value).toArray(String[]::new);
    }
}
