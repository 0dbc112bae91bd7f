package dev.orderflow.outbox;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads the state of the outbox for meters and operators. Every instance reads the same, so take
/// the maximum over instances and not the sum.
public final class OutboxMonitor {

    /// How many events of a table are counted.
    private static final int EXACT_COUNT = 100_000;

    private final JdbcClient jdbc;
    private final TransactionAgeTracker transactions;
    private final int exactCount;

    /// @param jdbc on the outbox's data source
    public OutboxMonitor(JdbcClient jdbc) {
        this(jdbc, System::nanoTime, EXACT_COUNT);
    }

    /// @param clock in nanoseconds
    /// @param exactCount how many events are counted; of more, their number is estimated
    OutboxMonitor(JdbcClient jdbc, LongSupplier clock, int exactCount) {
        this.jdbc = jdbc;
        this.exactCount = exactCount;
        this.transactions = new TransactionAgeTracker(jdbc, clock);
    }

    /// The state of the outbox. Up to 100,000 events are counted. Of more, `depth` and `scheduled`
    /// are what Postgres estimates, and never less than those that were counted.
    ///
    /// @param depth events that wait to be published
    /// @param oldestAgeSeconds how long the oldest of them has waited; 0 when there is none
    /// @param scheduled events whose delivery time has not come
    /// @param retrying keys whose next event will be sent again
    /// @param blocked those of them that wait until access or configuration is changed
    /// @param parked events that were parked
    public record OutboxStatistics(
            long depth,
            double oldestAgeSeconds,
            long scheduled,
            long retrying,
            long blocked,
            long parked) {}

    /// Measures the outbox now.
    public OutboxStatistics measure() {
        return jdbc.sql(
                        """
                        SELECT %s AS depth,
                               coalesce(extract(epoch FROM now() - (
                                   SELECT stored_at FROM outbox ORDER BY id LIMIT 1)), 0) AS oldest_age,
                               %s AS scheduled,
                               (SELECT count(*) FROM outbox_retry) AS retrying,
                               (SELECT count(*) FROM outbox_retry WHERE is_blocked) AS blocked,
                               (SELECT count(*) FROM outbox_parked) AS parked
                        """
                                .formatted(count("outbox"), count("outbox_scheduled")))
                .param("exactCount", exactCount)
                .query(
                        (row, _) ->
                                new OutboxStatistics(
                                        row.getLong("depth"),
                                        row.getDouble("oldest_age"),
                                        row.getLong("scheduled"),
                                        row.getLong("retrying"),
                                        row.getLong("blocked"),
                                        row.getLong("parked")))
                .single();
    }

    /// The statistics know of each insertion and deletion within seconds, but are lost when the
    /// server crashes. The catalogue has the result of the last vacuum or analysis.
    private static String count(String table) {
        return """
        (SELECT CASE WHEN n <= :exactCount THEN n
                ELSE greatest(n, pg_stat_get_live_tuples('%1$s'::regclass),
                              (SELECT reltuples::bigint FROM pg_class WHERE oid = '%1$s'::regclass)) END
         FROM (SELECT count(*) AS n FROM (
                   SELECT FROM %1$s ORDER BY id LIMIT :exactCount + 1) AS first_rows) AS counted)\
        """
                .formatted(table);
    }

    /// A transaction of any client of the database server, or what else keeps old rows.
    ///
    /// @param description for an operator: the session with its user and application, the prepared
    ///     transaction or the replication slot
    /// @param ageSeconds how long it has been known to exist; 0 when it is found for the first
    ///     time and Postgres does not tell when it began
    public record OldestTransaction(String description, double ageSeconds) {}

    /// The oldest transaction because of which vacuum cannot remove published events, or the scans
    /// of the relays begin at an old row. Polls stay fast, but the table grows as long as it lasts.
    /// Ages grow from one call to the next, so call it regularly, on the same instance.
    public Optional<OldestTransaction> findOldestTransaction() {
        return transactions.findOldest();
    }

    /// The owner of a shard.
    ///
    /// @param owner the relay that publishes it now; null when none does
    /// @param leasedUntil by the database's clock; null when no relay owns it
    public record ShardOwner(
            String target, int shard, @Nullable UUID owner, @Nullable Instant leasedUntil) {}

    /// The owners of all shards.
    public List<ShardOwner> findShardOwners() {
        return jdbc.sql(
                        """
                        SELECT target, shard,
                               CASE WHEN lease_expires_at > now() THEN lease_owner END AS lease_owner,
                               CASE WHEN lease_expires_at > now() THEN lease_expires_at END AS lease_expires_at
                        FROM outbox_shard ORDER BY target, shard
                        """)
                .query(
                        (row, _) -> {
                            var expiry = row.getObject("lease_expires_at", OffsetDateTime.class);
                            return new ShardOwner(
                                    row.getString("target"),
                                    row.getInt("shard"),
                                    row.getObject("lease_owner", UUID.class),
                                    expiry == null ? null : expiry.toInstant());
                        })
                .list();
    }
}
