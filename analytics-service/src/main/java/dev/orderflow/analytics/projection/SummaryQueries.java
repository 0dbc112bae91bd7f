package dev.orderflow.analytics.projection;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/// Reads the summary from one snapshot. The number of rows read does not grow with the number of
/// orders.
@Repository
public class SummaryQueries {

    private final JdbcClient jdbc;

    SummaryQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// The current summary.
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public Summary summary() {
        var newest = latestFact();
        return new Summary(
                orders(),
                revenue(),
                perMinute(),
                newest.map(LatestFact::lagSeconds).orElse(null),
                newest.map(LatestFact::occurredAt).orElse(null));
    }

    private Map<String, Long> orders() {
        var orders = new LinkedHashMap<String, Long>();
        jdbc.sql(
                        """
                        SELECT state, sum(orders) AS orders FROM orders_by_state
                        GROUP BY state HAVING sum(orders) > 0 ORDER BY state
                        """)
                .query(
                        (RowCallbackHandler)
                                row -> orders.put(row.getString("state"), row.getLong("orders")));
        return orders;
    }

    private Map<String, String> revenue() {
        var revenue = new LinkedHashMap<String, String>();
        jdbc.sql(
                        """
                        SELECT currency, total_amount FROM orders_by_state
                        WHERE state = 'SHIPPED' AND orders > 0 ORDER BY currency
                        """)
                .query(
                        (RowCallbackHandler)
                                row ->
                                        revenue.put(
                                                row.getString("currency"),
                                                row.getObject("total_amount", BigDecimal.class)
                                                        .toPlainString()));
        return revenue;
    }

    private List<Summary.MinuteSummary> perMinute() {
        return jdbc.sql(
                        """
                        SELECT minute,
                               sum(facts) FILTER (WHERE type = 'OrderCreated')   AS accepted,
                               sum(facts) FILTER (WHERE type = 'OrderConfirmed') AS confirmed,
                               sum(facts) FILTER (WHERE type = 'OrderShipped')   AS shipped,
                               sum(facts) FILTER (WHERE type = 'OrderRejected')  AS rejected,
                               sum(facts) FILTER (WHERE type = 'OrderCancelled') AS cancelled
                        FROM facts_per_minute
                        WHERE minute > now() - interval '1 hour'
                        GROUP BY minute ORDER BY minute
                        """)
                .query(
                        (row, _) ->
                                new Summary.MinuteSummary(
                                        row.getTimestamp("minute").toInstant(),
                                        row.getLong("accepted"),
                                        row.getLong("confirmed"),
                                        row.getLong("shipped"),
                                        row.getLong("rejected"),
                                        row.getLong("cancelled")))
                .list();
    }

    private Optional<LatestFact> latestFact() {
        return jdbc.sql(
                        """
                        SELECT occurred_at,
                               greatest(0, extract(epoch FROM recorded_at - occurred_at)) AS lag
                        FROM fact WHERE NOT replayed ORDER BY recorded_at DESC LIMIT 1
                        """)
                .query(
                        (row, _) ->
                                new LatestFact(
                                        row.getTimestamp("occurred_at").toInstant(),
                                        row.getDouble("lag")))
                .optional();
    }

    private record LatestFact(Instant occurredAt, double lagSeconds) {}
}
