package dev.orderflow.analytics.projection;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// Takes facts in and keeps the projections: two statements and one commit for a batch of any size.
@Repository
public class Facts {

    private final JdbcClient jdbc;
    private final MeterRegistry meters;
    private final Clock clock = Clock.systemUTC();

    Facts(JdbcClient jdbc, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.meters = meters;
    }

    /// Records facts, those known already without effect.
    ///
    /// @return how many were new
    @Transactional
    public int record(Collection<Fact> facts) {
        if (facts.isEmpty()) {
            return 0;
        }
        // In a fixed order, so that two instances with overlapping batches cannot wait in a circle.
        var sorted = facts.stream().sorted(Comparator.comparing(Fact::id)).toList();
        int recorded =
                statement(
                        sorted,
                        """
                        INSERT INTO fact (event_id, type, order_id, order_version, customer_ref,
                                          occurred_at, amount, currency)
                        SELECT id, type, order_id, version, customer_ref, occurred_at, amount, currency
                        FROM batch ORDER BY id
                        ON CONFLICT DO NOTHING
                        """);
        statement(
                sorted,
                """
                INSERT INTO order_standing AS s (order_id, version, state, amount, currency, changed_at)
                SELECT DISTINCT ON (order_id) order_id, version, state, amount, currency, occurred_at
                FROM batch ORDER BY order_id, version DESC
                ON CONFLICT (order_id) DO UPDATE
                   SET version = excluded.version, state = excluded.state, amount = excluded.amount,
                       currency = excluded.currency, changed_at = excluded.changed_at
                 WHERE s.version < excluded.version
                """);
        sorted.forEach(
                fact ->
                        meters.timer("analytics.lag")
                                .record(lag(fact.occurredAt(), clock.instant())));
        return recorded;
    }

    private static Duration lag(Instant from, Instant to) {
        return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
    }

    private int statement(List<Fact> facts, String into) {
        return jdbc.sql(
                        """
                        WITH batch AS (
                            SELECT * FROM unnest(:ids, :types, :orders::uuid[], :versions::int[], :customers,
                                                 :times::timestamptz[], :states, :amounts::numeric[], :currencies)
                              AS b (id, type, order_id, version, customer_ref, occurred_at, state, amount, currency)
                        )
                        """
                                + into)
                .param("ids", texts(facts, Fact::id))
                .param("types", texts(facts, Fact::type))
                .param("orders", texts(facts, fact -> fact.orderId().toString()))
                .param("versions", facts.stream().map(Fact::version).toArray(Integer[]::new))
                .param("customers", texts(facts, Fact::customerRef))
                .param(
                        "times",
                        facts.stream()
                                .map(fact -> Timestamp.from(fact.occurredAt()))
                                .toArray(Timestamp[]::new))
                .param("states", texts(facts, Fact::state))
                .param("amounts", texts(facts, fact -> fact.amount().toPlainString()))
                .param("currencies", texts(facts, Fact::currency))
                .update();
    }

    private static String[] texts(List<Fact> facts, Function<Fact, String> part) {
        return facts.stream().map(part).toArray(String[]::new);
    }
}
