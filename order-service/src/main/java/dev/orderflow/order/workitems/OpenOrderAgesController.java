package dev.orderflow.order.workitems;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// How long open orders have been in their state, for a histogram.
@RestController
class OpenOrderAgesController {

    /// The ends of all intervals but the last.
    private static final List<Duration> BOUNDS =
            List.of(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(15),
                    Duration.ofHours(1),
                    Duration.ofHours(6),
                    Duration.ofDays(1));

    /// Pending orders that wait for a decision, which may take days.
    private static final String AWAITING_APPROVAL = "AWAITING_APPROVAL";

    /// After an outage there may be many more, and the oldest matter most.
    private static final int MAX_ORDERS = 20_000;

    private final JdbcClient jdbc;
    private final StuckOrderProperties limits;

    OpenOrderAgesController(JdbcClient jdbc, StuckOrderProperties limits) {
        this.jdbc = jdbc;
        this.limits = limits;
    }

    /// @param boundsSeconds the ends of all intervals but the last
    /// @param complete false when there are more open orders than are counted; the oldest are
    /// @param states those with open orders
    record OpenOrderAges(
            List<Long> boundsSeconds, boolean complete, List<OpenOrderStateAges> states) {}

    /// @param state the state, or `AWAITING_APPROVAL` for pending orders that wait for a decision
    /// @param limitSeconds after which an order in this state is stuck
    /// @param counts how many orders have been in the state as long as each interval says
    record OpenOrderStateAges(String state, long limitSeconds, List<Integer> counts) {}

    private record AgeCount(String state, int interval, int orders) {}

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping(path = "/internal/orders/ages", produces = "application/json")
    OpenOrderAges ages() {
        var counts = count();
        var states = new TreeMap<String, List<Integer>>();
        for (var count : counts) {
            states.computeIfAbsent(
                            count.state(),
                            _ -> new ArrayList<>(Collections.nCopies(BOUNDS.size() + 1, 0)))
                    .set(count.interval(), count.orders());
        }
        return new OpenOrderAges(
                BOUNDS.stream().map(Duration::toSeconds).toList(),
                counts.stream().mapToInt(AgeCount::orders).sum() < MAX_ORDERS,
                states.entrySet().stream()
                        .map(
                                state ->
                                        new OpenOrderStateAges(
                                                state.getKey(),
                                                limitOf(state.getKey()).toSeconds(),
                                                state.getValue()))
                        .toList());
    }

    private List<AgeCount> count() {
        return jdbc.sql(
                        """
                        SELECT state, width_bucket(extract(epoch FROM now() - since)::float8, ARRAY[%s]::float8[]) AS age_interval,
                               count(*) AS orders
                          FROM (SELECT CASE WHEN approval.order_id IS NULL THEN orders.state ELSE '%s' END AS state,
                                       greatest(orders.placed_at, approval.requested_at,
                                                (SELECT max(recorded_at) FROM order_timeline
                                                  WHERE order_id = orders.id AND effect = 'MOVED')) AS since
                                  FROM orders
                                  LEFT JOIN approval ON approval.order_id = orders.id AND approval.decided_at IS NULL
                                 WHERE NOT orders.is_final ORDER BY orders.id LIMIT :limit) AS open_order
                         GROUP BY 1, 2
                        """
                                .formatted(
                                        BOUNDS.stream()
                                                .map(bound -> Long.toString(bound.toSeconds()))
                                                .collect(Collectors.joining(",")),
                                        AWAITING_APPROVAL))
                .param("limit", MAX_ORDERS)
                .query((row, _) -> toCount(row))
                .list();
    }

    private static AgeCount toCount(ResultSet row) throws SQLException {
        return new AgeCount(
                row.getString("state"), row.getInt("age_interval"), row.getInt("orders"));
    }

    private Duration limitOf(String state) {
        return switch (state) {
            case AWAITING_APPROVAL -> limits.approval();
            case "PENDING" -> limits.pending();
            case "CONFIRMED" -> limits.confirmed();
            case "DISPATCHING" -> limits.dispatching();
            default -> limits.cancelRequested();
        };
    }
}
