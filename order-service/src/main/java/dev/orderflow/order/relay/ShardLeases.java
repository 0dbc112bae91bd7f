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
    private final UUID me;
    private final Duration length;

    ShardLeases(JdbcClient jdbc, UUID me, Duration length) {
        this.jdbc = jdbc;
        this.me = me;
        this.length = length;
    }

    /// What the relay may publish, and what is more than its part.
    record Holding(Map<Shard, Lease> leases, int surplus) {}

    /// Says that this relay lives, renews what it has, and takes free shards up to its part.
    Holding keep() {
        int part = part();
        var leases = new TreeMap<Shard, Lease>();
        renew(leases);
        if (leases.size() < part) {
            take(part - leases.size(), leases);
        }
        return new Holding(leases, Math.max(0, leases.size() - part));
    }

    /// How many shards each of the living relays may have.
    private int part() {
        int alive =
                jdbc.sql(
                                """
                                WITH gone AS (
                                    DELETE FROM outbox_relay
                                    WHERE expires_at < now() - interval '1 hour' AND id <> :me
                                ), here AS (
                                    INSERT INTO outbox_relay (id, expires_at)
                                    VALUES (:me, now() + make_interval(secs => :length))
                                    ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at
                                )
                                SELECT count(*) FROM outbox_relay WHERE expires_at > now() AND id <> :me
                                """)
                        .param("me", me)
                        .param("length", seconds())
                        .query(Integer.class)
                        .single();
        return Math.ceilDiv(Shard.COUNT, alive + 1);
    }

    private void renew(Map<Shard, Lease> leases) {
        long askedAt = System.nanoTime();
        jdbc.sql(
                        """
                        UPDATE outbox_shard SET expires_at = now() + make_interval(secs => :length)
                        WHERE owner = :me AND expires_at > now()
                        RETURNING shard, token
                        """)
                .param("me", me)
                .param("length", seconds())
                .query((row, _) -> leases.put(shard(row), lease(row, askedAt)))
                .list();
    }

    private void take(int atMost, Map<Shard, Lease> leases) {
        long askedAt = System.nanoTime();
        jdbc.sql(
                        """
                        UPDATE outbox_shard
                        SET owner = :me, token = token + 1,
                            expires_at = now() + make_interval(secs => :length)
                        WHERE shard IN (
                            SELECT shard FROM outbox_shard WHERE expires_at <= now()
                            ORDER BY shard LIMIT :most FOR UPDATE SKIP LOCKED)
                        RETURNING shard, token
                        """)
                .param("me", me)
                .param("length", seconds())
                .param("most", atMost)
                .query((row, _) -> leases.put(shard(row), lease(row, askedAt)))
                .list();
    }

    /// Gives shards to whoever takes them first.
    void release(Collection<Shard> shards) {
        jdbc.sql(
                        """
                        UPDATE outbox_shard SET owner = NULL, expires_at = '-infinity'
                        WHERE owner = :me AND shard = ANY (:shards)
                        """)
                .param("me", me)
                .param("shards", numbers(shards))
                .update();
    }

    /// Gives up everything: this relay works no more.
    void leave() {
        jdbc.sql(
                        """
                        WITH left_over AS (DELETE FROM outbox_relay WHERE id = :me)
                        UPDATE outbox_shard SET owner = NULL, expires_at = '-infinity' WHERE owner = :me
                        """)
                .param("me", me)
                .update();
    }

    static Short[] numbers(Collection<Shard> shards) {
        return shards.stream().map(shard -> (short) shard.number()).toArray(Short[]::new);
    }

    private double seconds() {
        return length.toMillis() / 1000.0;
    }

    private Lease lease(ResultSet row, long askedAt) throws SQLException {
        return Lease.from(row.getLong("token"), askedAt, length);
    }

    private static Shard shard(ResultSet row) throws SQLException {
        return new Shard(row.getInt("shard"));
    }
}
