package dev.orderflow.analytics.projection;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/// Reads the figures, all of one moment.
@Repository
public class Figures {

    private final JdbcClient jdbc;

    Figures(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// The figures as they are now.
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public Summary summary() {
        var orders = new LinkedHashMap<String, Long>();
        jdbc.sql(
                        "SELECT state, count(*) AS orders FROM order_standing GROUP BY state ORDER BY state")
                .query(
                        (RowCallbackHandler)
                                row -> orders.put(row.getString("state"), row.getLong("orders")));
        var revenue = new LinkedHashMap<String, String>();
        jdbc.sql(
                        """
                        SELECT currency, sum(amount) AS revenue FROM order_standing
                        WHERE state = 'SHIPPED' GROUP BY currency ORDER BY currency
                        """)
                .query(
                        (RowCallbackHandler)
                                row ->
                                        revenue.put(
                                                row.getString("currency"),
                                                row.getObject("revenue", BigDecimal.class)
                                                        .toPlainString()));
        var perMinute =
                jdbc.sql(
                                """
                                SELECT date_trunc('minute', occurred_at) AS minute,
                                       count(*) FILTER (WHERE type = 'OrderCreated') AS accepted,
                                       count(*) FILTER (WHERE type = 'OrderShipped') AS shipped,
                                       count(*) FILTER (WHERE type IN ('OrderRejected', 'OrderCancelled')) AS rejected
                                FROM fact WHERE occurred_at > now() - interval '1 hour'
                                GROUP BY 1 ORDER BY 1
                                """)
                        .query(
                                (row, _) ->
                                        new Summary.Minute(
                                                row.getTimestamp("minute").toInstant(),
                                                row.getLong("accepted"),
                                                row.getLong("shipped"),
                                                row.getLong("rejected")))
                        .list();
        var newest =
                jdbc.sql(
                                """
                                SELECT occurred_at, extract(epoch FROM recorded_at - occurred_at) AS lag
                                FROM fact ORDER BY occurred_at DESC LIMIT 1
                                """)
                        .query(
                                (row, _) ->
                                        new Newest(
                                                row.getTimestamp("occurred_at").toInstant(),
                                                Math.max(0, row.getDouble("lag"))))
                        .optional()
                        .orElse(null);
        return new Summary(orders, revenue, perMinute, lag(newest), at(newest));
    }

    private static @Nullable Double lag(@Nullable Newest newest) {
        return newest == null ? null : newest.lagSeconds();
    }

    private static @Nullable Instant at(@Nullable Newest newest) {
        return newest == null ? null : newest.occurredAt();
    }

    private record Newest(Instant occurredAt, double lagSeconds) {}
}
