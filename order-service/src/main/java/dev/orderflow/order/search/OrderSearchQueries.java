package dev.orderflow.order.search;

import dev.orderflow.contracts.value.Money;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Searches orders by one SQL statement, which has only the conditions that the filter asks for, so
/// that each filter has the plan of its index.
@Component
class OrderSearchQueries {

    private final JdbcClient jdbc;

    OrderSearchQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// An order that was found, without personal data.
    ///
    /// @param workItems the kinds of its open work items
    record FoundOrder(
            UUID id,
            String customerRef,
            String state,
            Optional<String> reason,
            Money total,
            Instant placedAt,
            List<String> workItems) {}

    /// The conditions of one search with their parameters.
    private static final class OrderConditions {
        private final List<String> conditions = new ArrayList<>();
        private final Map<String, Object> parameters = new LinkedHashMap<>();

        void add(String condition) {
            conditions.add(condition);
        }

        void add(String condition, String parameter, Object value) {
            conditions.add(condition);
            parameters.put(parameter, value);
        }

        String where() {
            return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        }
    }

    /// The newest orders that match.
    List<FoundOrder> search(OrderSearchFilter filter, int limit) {
        var conditions = new OrderConditions();
        filter.state().ifPresent(state -> addState(conditions, state));
        filter.workItem().ifPresent(kind -> addWorkItem(conditions, kind));
        // The ids sort by the time of the placement.
        filter.placedBefore()
                .ifPresent(
                        at ->
                                conditions.add(
                                        "orders.id < :placedBefore", "placedBefore", firstId(at)));
        filter.placedAfter()
                .ifPresent(
                        at ->
                                conditions.add(
                                        "orders.id >= :placedAfter", "placedAfter", firstId(at)));
        filter.sku().ifPresent(sku -> conditions.add("line.sku = :sku", "sku", sku.value()));
        filter.amounts().ifPresent(amounts -> addAmounts(conditions, amounts));
        filter.reason()
                .ifPresent(
                        reason ->
                                conditions.add(
                                        "orders.rejection_reason = :reason",
                                        "reason",
                                        reason.name()));
        filter.customer()
                .ifPresent(
                        customer ->
                                conditions.add(
                                        "orders.customer_ref = :customer",
                                        "customer",
                                        customer.value()));
        var id = filter.sku().isPresent() ? "line.order_id" : "orders.id";
        filter.before().ifPresent(before -> conditions.add(id + " < :before", "before", before));
        return jdbc.sql(
                        """
                        SELECT orders.id, customer_ref, state, rejection_reason, total_amount, currency, placed_at,
                               ARRAY(SELECT kind FROM work_item
                                      WHERE work_item.order_id = orders.id AND resolved_at IS NULL
                                      ORDER BY kind) AS work_items
                          FROM %s%s
                         ORDER BY %s DESC LIMIT :limit
                        """
                                .formatted(
                                        // A line per article, so an order is found once.
                                        filter.sku().isPresent()
                                                ? "order_line AS line JOIN orders ON orders.id = line.order_id"
                                                : "orders",
                                        conditions.where(),
                                        id))
                .params(conditions.parameters)
                .param("limit", limit)
                .query((row, _) -> found(row))
                .list();
    }

    /// Each condition implies the predicate of a partial index. The state itself has no index,
    /// because its changes would then be written to all indexes of the table.
    private static void addState(OrderConditions conditions, String state) {
        switch (state) {
            case "SHIPPED" -> {}
            case "REJECTED" -> conditions.add("orders.rejection_reason IS NOT NULL");
            case "CANCELLED" -> conditions.add("orders.is_cancelled");
            default -> conditions.add("NOT orders.is_final");
        }
        conditions.add("orders.state = :state", "state", state);
    }

    private static void addWorkItem(OrderConditions conditions, String kind) {
        if (kind.equals(OrderSearchFilter.ANY_WORK_ITEM)) {
            conditions.add(
                    "orders.id IN (SELECT order_id FROM work_item WHERE resolved_at IS NULL)");
        } else {
            conditions.add(
                    "orders.id IN (SELECT order_id FROM work_item WHERE resolved_at IS NULL AND kind = :kind)",
                    "kind",
                    kind);
        }
    }

    private static void addAmounts(
            OrderConditions conditions, OrderSearchFilter.AmountRange amounts) {
        conditions.add(
                "orders.currency = :currency", "currency", amounts.currency().getCurrencyCode());
        amounts.from()
                .ifPresent(from -> conditions.add("orders.total_amount >= :from", "from", from));
        amounts.to().ifPresent(to -> conditions.add("orders.total_amount <= :to", "to", to));
    }

    /// The lowest id of an order that was placed at this time, whose milliseconds fit into the 48
    /// bits of the id until the year 10889.
    private static UUID firstId(Instant at) {
        return new UUID(at.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L);
    }

    private static FoundOrder found(ResultSet row) throws SQLException {
        return new FoundOrder(
                row.getObject("id", UUID.class),
                row.getString("customer_ref"),
                row.getString("state"),
                Optional.ofNullable(row.getString("rejection_reason")),
                Money.of(row.getBigDecimal("total_amount"), row.getString("currency")),
                row.getObject("placed_at", OffsetDateTime.class).toInstant(),
                texts(row.getArray("work_items")));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
