package dev.orderflow.order.persistence;

import dev.orderflow.order.domain.CustomerRef;
import dev.orderflow.order.domain.Money;
import dev.orderflow.order.domain.Occurrence;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderSummary;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.RejectionReason;
import dev.orderflow.order.domain.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Aggregates through JPA, everything that races or lists through SQL.
@Component
class JpaOrders implements Orders {

    private final OrderRows rows;
    private final JdbcClient jdbc;

    JpaOrders(OrderRows rows, JdbcClient jdbc) {
        this.rows = rows;
        this.jdbc = jdbc;
    }

    @Override
    public void add(Order order) {
        rows.save(new OrderRow(order));
    }

    @Override
    public Optional<Order> find(UUID id) {
        return rows.withLines(id).map(OrderRow::toOrder);
    }

    @Override
    public Optional<Standing> standing(UUID id) {
        return jdbc.sql("SELECT state, rejection_reason, customer_ref FROM orders WHERE id = :id")
                .param("id", id)
                .query(
                        (row, _) ->
                                new Standing(
                                        state(row), new CustomerRef(row.getString("customer_ref"))))
                .optional();
    }

    @Override
    public boolean move(UUID id, State from, State to) {
        return jdbc.sql(
                                """
                                UPDATE orders SET state = :to, rejection_reason = :reason
                                WHERE id = :id AND state = :from
                                """)
                        .param("to", to.code())
                        .param("reason", reason(to))
                        .param("id", id)
                        .param("from", from.code())
                        .update()
                == 1;
    }

    @Override
    public boolean flag(UUID id, String reason) {
        return jdbc.sql(
                                """
                                UPDATE orders SET attention = :reason
                                WHERE id = :id AND attention IS DISTINCT FROM :reason
                                """)
                        .param("reason", reason)
                        .param("id", id)
                        .update()
                == 1;
    }

    @Override
    public void note(UUID id, Occurrence occurrence) {
        jdbc.sql(
                        """
                        INSERT INTO order_transition
                               (order_id, happened_at, what, effect, state, rejection_reason, detail)
                        VALUES (:id, :at, :what, :effect, :state, :reason, :detail)
                        """)
                .param("id", id)
                .param("at", occurrence.at().atOffset(ZoneOffset.UTC))
                .param("what", occurrence.what())
                .param("effect", occurrence.effect().name())
                .param("state", occurrence.state().code())
                .param("reason", reason(occurrence.state()))
                .param("detail", occurrence.detail().orElse(null))
                .update();
    }

    @Override
    public List<Occurrence> timeline(UUID id) {
        return jdbc.sql(
                        """
                        SELECT happened_at, what, effect, state, rejection_reason, detail
                        FROM order_transition WHERE order_id = :id ORDER BY id
                        """)
                .param("id", id)
                .query((row, _) -> occurrence(row))
                .list();
    }

    @Override
    public List<OrderSummary> of(CustomerRef customer, Optional<UUID> before, int limit) {
        return jdbc.sql(
                        """
                        SELECT id, state, rejection_reason, total_amount, currency, placed_at
                        FROM orders
                        WHERE customer_ref = :customer
                          AND id < COALESCE(CAST(:before AS uuid),
                                            CAST('ffffffff-ffff-ffff-ffff-ffffffffffff' AS uuid))
                        ORDER BY id DESC
                        LIMIT :limit
                        """)
                .param("customer", customer.value())
                .param("before", before.orElse(null))
                .param("limit", limit)
                .query((row, _) -> summary(row))
                .list();
    }

    private static OrderSummary summary(ResultSet row) throws SQLException {
        return new OrderSummary(
                row.getObject("id", UUID.class),
                state(row),
                new Money(
                        row.getBigDecimal("total_amount"),
                        Currency.getInstance(row.getString("currency"))),
                row.getObject("placed_at", OffsetDateTime.class).toInstant());
    }

    private static Occurrence occurrence(ResultSet row) throws SQLException {
        return new Occurrence(
                row.getObject("happened_at", OffsetDateTime.class).toInstant(),
                row.getString("what"),
                Occurrence.Effect.valueOf(row.getString("effect")),
                state(row),
                Optional.ofNullable(row.getString("detail")));
    }

    private static State state(ResultSet row) throws SQLException {
        return State.of(row.getString("state"), row.getString("rejection_reason"));
    }

    private static @Nullable String reason(State state) {
        return state.rejection().map(RejectionReason::name).orElse(null);
    }
}
