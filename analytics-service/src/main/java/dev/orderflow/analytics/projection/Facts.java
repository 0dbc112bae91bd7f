package dev.orderflow.analytics.projection;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// Records facts and updates the projections: two statements and one commit for a batch of any
/// size.
@Repository
public class Facts {

    private static final String BATCH =
            """
            WITH batch AS (
                SELECT * FROM unnest(:ids::text[], :types::text[], :orders::uuid[], :versions::int[],
                                     :times::timestamptz[], :states::text[], :amounts::numeric[],
                                     :currencies::text[], :replayed::boolean[])
                  AS b (id, type, order_id, version, occurred_at, state, total_amount, currency, replayed)),
            """;

    /// Inserts new facts and counts them by minute.
    private static final String RECORD =
            BATCH
                    + """
                    fresh AS (
                        INSERT INTO fact (event_id, type, order_id, order_version, occurred_at, total_amount, currency,
                                          replayed)
                        SELECT id, type, order_id, version, occurred_at, total_amount, currency, replayed
                        FROM batch ORDER BY id
                        ON CONFLICT DO NOTHING
                        RETURNING event_id, type, occurred_at),
                    counted AS (
                        INSERT INTO facts_per_minute AS m (minute, type, facts)
                        SELECT date_trunc('minute', occurred_at, 'UTC') AS minute, type, count(*)
                        FROM fresh GROUP BY 1, 2 ORDER BY 1, 2
                        ON CONFLICT (minute, type) DO UPDATE SET facts = m.facts + excluded.facts)
                    SELECT event_id FROM fresh
                    """;

    /// Moves orders to their new state and adds the differences to the projections. The update
    /// stores the values it overwrites in the row, since PostgreSQL 17 returns new rows only
    /// (`RETURNING OLD` needs PostgreSQL 18). It reads them under the row lock, which a SELECT in
    /// the same statement could not, so a concurrent update by another instance is taken into
    /// account. Of two facts with the same version, which no order should have, the state decides,
    /// so that the result does not depend on the order of arrival.
    private static final String MOVE =
            BATCH
                    + """
                    moved AS (
                        INSERT INTO order_state AS s (order_id, version, state, total_amount, currency, changed_at)
                        SELECT DISTINCT ON (order_id) order_id, version, state, total_amount, currency, occurred_at
                        FROM batch ORDER BY order_id, version DESC, state DESC
                        ON CONFLICT (order_id) DO UPDATE
                           SET version = excluded.version, state = excluded.state, total_amount = excluded.total_amount,
                               currency = excluded.currency, changed_at = excluded.changed_at,
                               previous_state = s.state, previous_total_amount = s.total_amount,
                               previous_currency = s.currency
                         WHERE s.version < excluded.version
                            OR s.version = excluded.version AND s.state < excluded.state
                        RETURNING state, currency, total_amount, previous_state, previous_currency, previous_total_amount),
                    difference AS (
                        SELECT state, currency, 1 AS orders, total_amount FROM moved
                        UNION ALL
                        SELECT previous_state, previous_currency, -1, -previous_total_amount
                        FROM moved WHERE previous_state IS NOT NULL)
                    INSERT INTO orders_by_state AS t (state, currency, orders, total_amount)
                    SELECT state, currency, sum(orders), sum(total_amount)
                    FROM difference GROUP BY state, currency ORDER BY state, currency
                    ON CONFLICT (state, currency) DO UPDATE
                       SET orders = t.orders + excluded.orders, total_amount = t.total_amount + excluded.total_amount
                    """;

    private final JdbcClient jdbc;
    private final MeterRegistry meters;
    private final Clock clock = Clock.systemUTC();

    /// Public for the Lambda function, which opens the transactions itself.
    public Facts(JdbcClient jdbc, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.meters = meters;
    }

    /// Records facts; those already recorded have no effect.
    ///
    /// @return the number of new facts
    @Transactional
    public int record(Collection<Fact> facts) {
        if (facts.isEmpty()) {
            return 0;
        }
        // Sorted, so that two instances with overlapping batches cannot deadlock.
        var sorted = facts.stream().sorted(Comparator.comparing(Fact::id)).toList();
        Set<String> fresh =
                new HashSet<>(
                        bind(sorted, RECORD).query((row, _) -> row.getString("event_id")).list());
        bind(sorted, MOVE).update();
        var now = clock.instant();
        sorted.stream()
                .filter(fact -> !fact.replayed() && fresh.contains(fact.id()))
                .forEach(fact -> meters.timer("analytics.lag").record(lag(fact.occurredAt(), now)));
        return fresh.size();
    }

    private static Duration lag(Instant from, Instant to) {
        return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
    }

    private JdbcClient.StatementSpec bind(List<Fact> facts, String sql) {
        return jdbc.sql(sql)
                .param("ids", texts(facts, Fact::id))
                .param("types", texts(facts, Fact::type))
                .param("orders", texts(facts, fact -> fact.orderId().toString()))
                .param("versions", facts.stream().map(Fact::version).toArray(Integer[]::new))
                .param(
                        "times",
                        facts.stream()
                                .map(fact -> Timestamp.from(fact.occurredAt()))
                                .toArray(Timestamp[]::new))
                .param("states", texts(facts, Fact::state))
                .param("amounts", texts(facts, fact -> fact.amount().toPlainString()))
                .param("currencies", texts(facts, Fact::currency))
                .param("replayed", facts.stream().map(Fact::replayed).toArray(Boolean[]::new));
    }

    private static String[] texts(List<Fact> facts, Function<Fact, String> part) {
        return facts.stream().map(part).toArray(String[]::new);
    }
}
