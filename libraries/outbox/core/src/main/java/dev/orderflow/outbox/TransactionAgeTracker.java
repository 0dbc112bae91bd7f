package dev.orderflow.outbox;

import dev.orderflow.outbox.OutboxMonitor.OldestTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Finds the oldest transaction that keeps deleted rows of the outbox, and the floor of the
/// relays' scans, where they are.
///
/// Every role may read the snapshot and the transaction id of all sessions in `pg_stat_activity`,
/// but not when their transactions began. So a session is as old as the time since this tracker
/// first found it with the same id, unless Postgres reports when its transaction began.
final class TransactionAgeTracker {

    /// What keeps a transaction id.
    ///
    /// @param transactionId its own, or the oldest that its snapshot does not see as ended
    /// @param ageSeconds null if Postgres does not report it
    private record Holder(
            String description,
            long transactionId,
            boolean isOwnTransaction,
            @Nullable Double ageSeconds) {

        private static Holder from(ResultSet row) throws SQLException {
            return new Holder(
                    row.getString("description"),
                    row.getLong("transaction_id"),
                    row.getBoolean("is_own"),
                    row.getObject("age", Double.class));
        }
    }

    private final JdbcClient jdbc;
    private final LongSupplier clock;
    private Map<Holder, Long> firstSeen = Map.of();

    /// @param clock in nanoseconds
    TransactionAgeTracker(JdbcClient jdbc, LongSupplier clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    synchronized Optional<OldestTransaction> findOldest() {
        var holders = read();
        long now = clock.getAsLong();
        var seen = new HashMap<Holder, Long>();
        for (var holder : holders) {
            var key = key(holder);
            seen.put(key, firstSeen.getOrDefault(key, now));
        }
        firstSeen = seen;
        // A long transaction that writes is part of every other session's snapshot: report the
        // writer.
        return holders.stream()
                .max(
                        Comparator.<Holder>comparingDouble(it -> ageSeconds(it, now))
                                .thenComparing(Holder::isOwnTransaction))
                .map(it -> new OldestTransaction(it.description(), ageSeconds(it, now)));
    }

    private double ageSeconds(Holder holder, long now) {
        double tracked = (now - firstSeen.getOrDefault(key(holder), now)) / 1e9;
        return holder.ageSeconds() == null ? tracked : Math.max(tracked, holder.ageSeconds());
    }

    private static Holder key(Holder holder) {
        return new Holder(
                holder.description(), holder.transactionId(), holder.isOwnTransaction(), null);
    }

    /// A snapshot counts if it belongs to this database or to a standby. A transaction that writes
    /// counts in every database of the server, because the floor waits for all of them. An id that
    /// is not below the next one keeps nothing; vacuum ignores other vacuums.
    private List<Holder> read() {
        return jdbc.sql(
                        """
                        SELECT description, transaction_id::text::bigint AS transaction_id, is_own, age
                        FROM (
                            SELECT 'session ' || pid || coalesce(' of user ' || usename, '')
                                       || coalesce(' (' || nullif(application_name, '') || ')', '') AS description,
                                   coalesce(backend_xid, backend_xmin) AS transaction_id,
                                   backend_xid IS NOT NULL AS is_own,
                                   CASE WHEN backend_xid IS NOT NULL
                                        THEN extract(epoch FROM now() - xact_start)::double precision END AS age
                            FROM pg_stat_activity AS activity
                            WHERE pid <> pg_backend_pid()
                              AND (backend_xid IS NOT NULL OR datname IS NULL OR datname = current_database())
                              AND NOT EXISTS (SELECT FROM pg_stat_progress_vacuum AS vacuum
                                              WHERE vacuum.pid = activity.pid)
                            UNION ALL
                            SELECT 'prepared transaction ' || gid || ' of user ' || owner, transaction, true,
                                   extract(epoch FROM now() - prepared)::double precision
                            FROM pg_prepared_xacts
                            UNION ALL
                            SELECT 'replication slot ' || slot_name, xmin, false, NULL
                            FROM pg_replication_slots
                        ) AS holder
                        WHERE transaction_id IS NOT NULL AND age(transaction_id) > 0
                        """)
                .query((row, _) -> Holder.from(row))
                .list();
    }
}
