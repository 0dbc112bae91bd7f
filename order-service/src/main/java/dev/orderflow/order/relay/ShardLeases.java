package dev.orderflow.order.relay;

import dev.orderflow.order.outbox.Shard;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The leases of one relay. The database's clock decides how long they last.
final class ShardLeases {

    private final JdbcClient jdbc;
    private final UUID relayId;
    private final Duration length;

    ShardLeases(JdbcClient jdbc, UUID relayId, Duration length) {
        this.jdbc = jdbc;
        this.relayId = relayId;
        this.length = length;
    }

    /// The leased shards, and how many of them are beyond this relay's fair share.
    record LeaseAllocation(Map<Shard, ShardLease> leases, int surplus) {}

    /// Registers this relay as alive, renews its leases, and acquires free shards up to its fair
    /// share.
    LeaseAllocation acquireOrRenew() {
        int share = fairShare();
        var leases = new TreeMap<Shard, ShardLease>();
        renew(leases);
        if (leases.size() < share) {
            acquire(share - leases.size(), leases);
        }
        return new LeaseAllocation(leases, Math.max(0, leases.size() - share));
    }

    /// How many shards each live relay may own.
    private int fairShare() {
        int alive =
                jdbc.sql(
                                """
                                WITH gone AS (
                                    DELETE FROM outbox_relay
                                    WHERE expires_at < now() - interval '1 hour' AND id <> :relay
                                ), here AS (
                                    INSERT INTO outbox_relay (id, expires_at)
                                    VALUES (:relay, now() + make_interval(secs => :length))
                                    ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at
                                )
                                SELECT count(*) FROM outbox_relay WHERE expires_at > now() AND id <> :relay
                                """)
                        .param("relay", relayId)
                        .param("length", seconds())
                        .query(Integer.class)
                        .single();
        return Math.ceilDiv(Shard.COUNT, alive + 1);
    }

    private void renew(Map<Shard, ShardLease> leases) {
        long askedAt = System.nanoTime();
        jdbc.sql(
                        """
                        UPDATE outbox_shard SET expires_at = now() + make_interval(secs => :length)
                        WHERE owner = :relay AND expires_at > now()
                        RETURNING shard, token
                        """)
                .param("relay", relayId)
                .param("length", seconds())
                .query((row, _) -> leases.put(shard(row), lease(row, askedAt)))
                .list();
    }

    private void acquire(int atMost, Map<Shard, ShardLease> leases) {
        long askedAt = System.nanoTime();
        jdbc.sql(
                        """
                        UPDATE outbox_shard
                        SET owner = :relay, token = token + 1,
                            expires_at = now() + make_interval(secs => :length)
                        WHERE shard IN (
                            SELECT shard FROM outbox_shard WHERE expires_at <= now()
                            ORDER BY shard LIMIT :most FOR UPDATE SKIP LOCKED)
                        RETURNING shard, token
                        """)
                .param("relay", relayId)
                .param("length", seconds())
                .param("most", atMost)
                .query((row, _) -> leases.put(shard(row), lease(row, askedAt)))
                .list();
    }

    /// Releases shards for other relays.
    void release(Collection<Shard> shards) {
        jdbc.sql(
                        """
                        UPDATE outbox_shard SET owner = NULL, expires_at = '-infinity'
                        WHERE owner = :relay AND shard = ANY (:shards)
                        """)
                .param("relay", relayId)
                .param("shards", numbers(shards))
                .update();
    }

    /// Releases all shards and unregisters this relay.
    void releaseAll() {
        jdbc.sql(
                        """
                        WITH left_over AS (DELETE FROM outbox_relay WHERE id = :relay)
                        UPDATE outbox_shard SET owner = NULL, expires_at = '-infinity' WHERE owner = :relay
                        """)
                .param("relay", relayId)
                .update();
    }

    static Short[] numbers(Collection<Shard> shards) {
        return shards.stream().map(shard -> (short) shard.number()).toArray(Short[]::new);
    }

    private double seconds() {
        return length.toMillis() / 1000.0;
    }

    private ShardLease lease(ResultSet row, long askedAt) throws SQLException {
        return ShardLease.from(row.getLong("token"), askedAt, length);
    }

    private static Shard shard(ResultSet row) throws SQLException {
        return new Shard(row.getInt("shard"));
    }
}
