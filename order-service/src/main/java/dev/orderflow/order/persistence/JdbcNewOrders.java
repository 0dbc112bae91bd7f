package dev.orderflow.order.persistence;

import dev.orderflow.defaults.idempotency.ConditionalInsert;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderLine;
import dev.orderflow.order.domain.PersonalData;
import dev.orderflow.order.personaldata.PersonalDataCipher;
import dev.orderflow.order.placement.NewOrders;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/// Inserts orders with SQL, because JPA cannot insert an order as a part of another statement.
@Component
class JdbcNewOrders implements NewOrders {

    private static final String INSERT_ORDER =
            """
            INSERT INTO orders (id, customer_ref, state, total_amount, currency, placed_at, personal_data)
            SELECT CAST(:order_id AS uuid), CAST(:order_customer AS text), CAST(:order_state AS text),
                   CAST(:order_total AS numeric), CAST(:order_currency AS text),
                   CAST(:order_placed_at AS timestamptz), CAST(:order_personal_data AS bytea)
              FROM %s"""
                    .formatted(ConditionalInsert.CONDITION);

    private static final String INSERT_LINES =
            """
            INSERT INTO order_line (order_id, position, sku, name, quantity, unit_price)
            SELECT CAST(:order_id AS uuid), line.number - 1, line.sku, line.name, line.quantity, line.unit_price
              FROM %s, unnest(CAST(:line_skus AS text[]), CAST(:line_names AS text[]), CAST(:line_quantities AS int[]),
                              CAST(:line_unit_prices AS numeric[]))
                   WITH ORDINALITY AS line (sku, name, quantity, unit_price, number)"""
                    .formatted(ConditionalInsert.CONDITION);

    private final PersonalDataCipher cipher;

    JdbcNewOrders(PersonalDataCipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public List<ConditionalInsert> prepare(
            Order order, PersonalData.AvailablePersonalData personalData) {
        return List.of(
                new ConditionalInsert(
                        "new_order", INSERT_ORDER, orderParameters(order, personalData)),
                new ConditionalInsert("new_lines", INSERT_LINES, lineParameters(order.lines())));
    }

    private Map<String, ?> orderParameters(
            Order order, PersonalData.AvailablePersonalData personalData) {
        return Map.of(
                "order_id", order.id(),
                "order_customer", order.customer().value(),
                "order_state", order.state().code(),
                "order_total", order.total().amount(),
                "order_currency", order.total().currency().getCurrencyCode(),
                "order_placed_at", order.placedAt().atOffset(ZoneOffset.UTC),
                "order_personal_data", cipher.encrypt(order.id(), personalData));
    }

    /// Amounts travel as text, because the driver has no arrays of decimal numbers.
    private static Map<String, ?> lineParameters(List<OrderLine> lines) {
        return Map.of(
                "line_skus", texts(lines, line -> line.sku().value()),
                "line_names", texts(lines, OrderLine::name),
                "line_quantities", lines.stream().mapToInt(OrderLine::quantity).toArray(),
                "line_unit_prices",
                        texts(lines, line -> line.unitPrice().amount().toPlainString()));
    }

    private static String[] texts(List<OrderLine> lines, Function<OrderLine, String> text) {
        return lines.stream().map(text).toArray(String[]::new);
    }
}
