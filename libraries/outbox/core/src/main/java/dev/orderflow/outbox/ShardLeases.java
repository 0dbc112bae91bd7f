package dev.orderflow.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// The leases of one relay. The database's clock decides how long they last.
final class ShardLeases {

    private final JdbcClient jdbc;
    private final CommittedStatements committed;
    private final String target;
    private final UUID relayId;
    private final Duration duration;

    ShardLeases(
            JdbcClient jdbc,
            TransactionOperations transactions,
            String target,
            UUID relayId,
            Duration duration) {
        this.jdbc = jdbc;
        this.committed = new CommittedStatements(jdbc, transactions);
        this.target = target;
        this.relayId = relayId;
        this.duration = duration;
    }

    /// The leased shards, and how many of them are beyond this relay's fair share.
    record LeaseAllocation(Map<Shard, ShardLease> leases, int surplus) {}

    /// Creates the rows of the target's shards, once for all relays.
    void createShards() {
        committed.run(
                () ->
                        jdbc.sql(
                                        """
                        INSERT INTO outbox_shard (target, shard)
                        SELECT :target, shard FROM generate_series(0, :last) AS shard
                        ON CONFLICT DO NOTHING
                        """)
                                .param("target", target)
                                .param("last", Shard.COUNT - 1)
                                .update());
    }

    /// Registers this relay as alive, renews its leases, and acquires free shards up to its fair
    /// share.
    LeaseAllocation acquireOrRenew() {
        int share = committed.run(this::fairShare);
        var leases = new TreeMap<Shard, ShardLease>();
        committed.run(() -> renew(leases));
        if (leases.size() < share) {
            int free = share - leases.size();
            committed.run(() -> acquire(free, leases));
        }
        return new LeaseAllocation(leases, Math.max(0, leases.size() - share));
    }

    /// How many shards each live relay may own.
    private int fairShare() {
        int others =
                jdbc.sql(
                                """
                                WITH gone AS (
                                    DELETE FROM outbox_relay
                                    WHERE expires_at < now() - interval '1 hour' AND id <> :relay
                                ), here AS (
                                    INSERT INTO outbox_relay (id, target, expires_at)
                                    VALUES (:relay, :target, now() + make_interval(secs => :duration))
                                    ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at
                                )
                                SELECT count(*) FROM outbox_relay
                                WHERE target = :target AND expires_at > now() AND id <> :relay
                                """)
                        .param("relay", relayId)
                        .param("target", target)
                        .param("duration", seconds())
                        .query(Integer.class)
                        .single();
        return Math.ceilDiv(Shard.COUNT, others + 1);
    }

    /// @return how many were renewed
    private int renew(Map<Shard, ShardLease> leases) {
        long requestedAt = System.nanoTime();
        return jdbc.sql(
                        """
                        UPDATE outbox_shard SET lease_expires_at = now() + make_interval(secs => :duration)
                        WHERE target = :target AND lease_owner = :relay AND lease_expires_at > now()
                        RETURNING shard, token
                        """)
                .param("target", target)
                .param("relay", relayId)
                .param("duration", seconds())
                .query((row, _) -> leases.put(shard(row), lease(row, requestedAt)))
                .list()
                .size();
    }

    /// @return how many were acquired
    private int acquire(int atMost, Map<Shard, ShardLease> leases) {
        long requestedAt = System.nanoTime();
        return jdbc.sql(
                        """
                        UPDATE outbox_shard
                        SET lease_owner = :relay, token = token + 1,
                            lease_expires_at = now() + make_interval(secs => :duration)
                        WHERE target = :target AND shard IN (
                            SELECT shard FROM outbox_shard WHERE target = :target AND lease_expires_at <= now()
                            ORDER BY shard LIMIT :limit FOR UPDATE SKIP LOCKED)
                        RETURNING shard, token
                        """)
                .param("target", target)
                .param("relay", relayId)
                .param("duration", seconds())
                .param("limit", atMost)
                .query((row, _) -> leases.put(shard(row), lease(row, requestedAt)))
                .list()
                .size();
    }

    /// Releases shards for other relays.
    void release(Collection<Shard> shards) {
        committed.run(
                () ->
                        jdbc.sql(
                                        """
                        UPDATE outbox_shard SET lease_owner = NULL, lease_expires_at = '-infinity'
                        WHERE target = :target AND lease_owner = :relay AND shard = ANY (:shards)
                        """)
                                .param("target", target)
                                .param("relay", relayId)
                                .param("shards", numbers(shards))
                                .update());
    }

    /// Releases all shards and unregisters this relay.
    void releaseAll() {
        committed.run(
                () ->
                        jdbc.sql(
                                        """
                        WITH unregistered AS (DELETE FROM outbox_relay WHERE id = :relay)
                        UPDATE outbox_shard SET lease_owner = NULL, lease_expires_at = '-infinity'
                        WHERE target = :target AND lease_owner = :relay
                        """)
                                .param("relay", relayId)
                                .param("target", target)
                                .update());
    }

    static Short[] numbers(Collection<Shard> shards) {
        return shards.stream().map(shard -> (short) shard.number()).toArray(Short[]::new);
    }

    private double seconds() {
        return duration.toMillis() / 1000.0;
    }

    private ShardLease lease(ResultSet row, long requestedAt) throws SQLException {
        return ShardLease.from(row.getLong("token"), requestedAt, duration);
    }

    private static Shard shard(ResultSet row) throws SQLException {
        return new Shard(row.getInt("shard"));
    }
}
