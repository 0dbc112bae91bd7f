package dev.orderflow.payment.history;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.defaults.history.OperatorActionHistory;
import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryMarks;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.defaults.history.OrderHistoryState;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.payment.gateway.PaymentGateway;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads the history of an order's payment.
@Component
class PaymentHistoryQueries {

    private static final String SERVICE = "payment-service";
    private static final String GATEWAY = "payment-gateway";

    /// The requests of people that leave no record of their own.
    private static final Map<String, String> OPERATOR_ACTIONS =
            Map.of(
                    "/internal/payments/{orderId}/gateway-state-adoption",
                    "to adopt the gateway's state of the payment");

    private final JdbcClient jdbc;
    private final PaymentGateway gateway;
    private final OrderIncidents incidents;
    private final OperatorActionHistory operatorActions;

    PaymentHistoryQueries(
            JdbcClient jdbc,
            PaymentGateway gateway,
            OrderIncidents incidents,
            OperatorActionHistory operatorActions) {
        this.operatorActions = operatorActions;
        this.jdbc = jdbc;
        this.gateway = gateway;
        this.incidents = incidents;
    }

    OrderHistory find(UUID orderId) {
        var entries = new ArrayList<>(operations(orderId));
        entries.addAll(unknownOutcome(orderId));
        entries.addAll(incidents.find(orderId));
        entries.addAll(operatorActions.find(orderId, OPERATOR_ACTIONS));
        var states = new ArrayList<OrderHistoryState>();
        findState(orderId)
                .ifPresent(
                        payment -> {
                            states.add(payment);
                            states.add(gatewayState(orderId));
                        });
        return OrderHistory.of(states, entries);
    }

    private Optional<OrderHistoryState> findState(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT state, pending_operation, decline_code,
                               amount::text, captured_amount::text, refunded_amount::text, currency
                        FROM payment WHERE order_id = :order
                        """)
                .param("order", orderId)
                .query((row, _) -> state(row))
                .optional();
    }

    private static OrderHistoryState state(ResultSet row) throws SQLException {
        var text = new StringBuilder("The payment is ").append(row.getString("state"));
        var pending = row.getString("pending_operation");
        if (pending != null) {
            text.append(": whether the gateway did the ")
                    .append(nameOf(pending))
                    .append(" is not known yet");
        }
        var declined = row.getString("decline_code");
        if (declined != null) {
            text.append(" with code ").append(declined);
        }
        var currency = row.getString("currency");
        for (var column : List.of("amount", "captured_amount", "refunded_amount")) {
            var amount = row.getBigDecimal(column);
            if (amount != null && currency != null) {
                text.append(", ")
                        .append(column.replace("_amount", ""))
                        .append(' ')
                        .append(text(Money.of(amount, currency)));
            }
        }
        return new OrderHistoryState(SERVICE, row.getString("state"), text.append('.').toString());
    }

    private static String text(Money money) {
        return money.amount().toPlainString() + " " + money.currency().getCurrencyCode();
    }

    private OrderHistoryState gatewayState(UUID orderId) {
        return switch (gateway.findCharges(List.of(orderId))) {
            case PaymentGateway.ChargesResult.ChargesFound(var charges) when charges.isEmpty() ->
                    new OrderHistoryState(
                            GATEWAY, "NO_CHARGE", "The gateway has no charge for the order.");
            case PaymentGateway.ChargesResult.ChargesFound(var charges) ->
                    new OrderHistoryState(
                            GATEWAY,
                            charges.size() == 1 ? "ONE_CHARGE" : "SEVERAL_CHARGES",
                            "The gateway has %d %s: %s."
                                    .formatted(
                                            charges.size(),
                                            charges.size() == 1 ? "charge" : "charges",
                                            charges.stream()
                                                    .map(PaymentHistoryQueries::describe)
                                                    .collect(Collectors.joining("; "))));
            case PaymentGateway.ChargesResult.ChargesUnavailable(var reason) ->
                    new OrderHistoryState(
                            GATEWAY,
                            "UNAVAILABLE",
                            "The gateway could not be asked: %s.".formatted(reason));
        };
    }

    private static String describe(PaymentGateway.OrderCharge charge) {
        return text(charge.amount())
                + " authorised"
                + (charge.captured() == null ? "" : ", " + text(charge.captured()) + " captured")
                + (charge.refunded() == null
                        ? ""
                        : ", %s %s"
                                .formatted(
                                        text(charge.refunded()),
                                        charge.captured() == null ? "released" : "refunded"));
    }

    private List<OrderHistoryEntry> operations(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT idempotency_key, operation_type, attempts, result, result_amount, result_currency,
                               result_code, gateway_code, created_at, completed_at, requested_by_name,
                               result IS NULL AND lease_expires_at > clock_timestamp() AS leased
                        FROM payment_operation WHERE order_id = :order
                        ORDER BY created_at, idempotency_key LIMIT :limit
                        """)
                .param("order", orderId)
                .param("limit", OrderHistory.MAX_ENTRIES)
                .query((row, _) -> operation(orderId, row))
                .list();
    }

    private static OrderHistoryEntry operation(UUID orderId, ResultSet row) throws SQLException {
        var key = row.getString("idempotency_key");
        var completedAt = instant(row, "completed_at");
        var result = row.getString("result");
        int attempts = row.getInt("attempts");
        var entry =
                OrderHistoryEntry.of(
                                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                                SERVICE,
                                "PAYMENT_" + row.getString("operation_type"),
                                outcome(result, row.getString("gateway_code")),
                                describe(row, result)
                                        + describeOperator(row)
                                        + (attempts > 1
                                                ? " It took %d attempts.".formatted(attempts)
                                                : ""))
                        .until(completedAt)
                        .withId("idempotencyKey", key)
                        .withLink("/internal/payments/" + orderId)
                        .after(OrderHistoryMarks.requested(key));
        return completedAt == null ? entry : entry.marking(OrderHistoryMarks.answered(key));
    }

    private static String describeOperator(ResultSet row) throws SQLException {
        var operator = row.getString("requested_by_name");
        return operator == null ? "" : " %s requested it.".formatted(operator);
    }

    private static OrderHistoryOutcome outcome(
            @Nullable String result, @Nullable String gatewayCode) {
        return switch (result) {
            case null ->
                    gatewayCode == null ? OrderHistoryOutcome.WAITING : OrderHistoryOutcome.FAILED;
            case "DECLINED", "ALREADY_VOIDED", "ALREADY_CAPTURED" -> OrderHistoryOutcome.REFUSED;
            default -> OrderHistoryOutcome.DONE;
        };
    }

    private static String describe(ResultSet row, @Nullable String result) throws SQLException {
        var name = nameOf(row.getString("operation_type"));
        var gatewayCode = row.getString("gateway_code");
        return switch (result) {
            case null ->
                    gatewayCode != null
                            ? "The gateway refused the %s with code %s; a repetition fails until the cause is fixed."
                                    .formatted(name, gatewayCode)
                            : row.getBoolean("leased")
                                    ? "The %s is in progress.".formatted(name)
                                    : "The %s has no result yet.".formatted(name);
            case "DECLINED" ->
                    "The %s was declined with code %s."
                            .formatted(name, row.getString("result_code"));
            case "ALREADY_VOIDED" ->
                    "The %s was refused: the payment was voided before.".formatted(name);
            case "ALREADY_CAPTURED" ->
                    "The %s was refused: the amount is captured.".formatted(name);
            default -> {
                var amount = row.getBigDecimal("result_amount");
                yield amount == null
                        ? "The %s succeeded.".formatted(name)
                        : "The %s of %s succeeded."
                                .formatted(
                                        name,
                                        text(Money.of(amount, row.getString("result_currency"))));
            }
        };
    }

    /// In the project's spelling; the names of the types are those of the gateway.
    private static String nameOf(String operationType) {
        return operationType.equals("AUTHORIZATION")
                ? "authorisation"
                : operationType.toLowerCase(Locale.ROOT);
    }

    private List<OrderHistoryEntry> unknownOutcome(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT unknown_since, next_check_at, checks
                        FROM unknown_outcome WHERE order_id = :order
                        """)
                .param("order", orderId)
                .query(
                        (row, _) ->
                                OrderHistoryEntry.of(
                                                row.getObject("unknown_since", OffsetDateTime.class)
                                                        .toInstant(),
                                                SERVICE,
                                                "PAYMENT_OUTCOME_UNKNOWN",
                                                OrderHistoryOutcome.UNKNOWN,
                                                "The outcome at the gateway is unknown; after %d checks its status is retrieved again at %s."
                                                        .formatted(
                                                                row.getInt("checks"),
                                                                instant(row, "next_check_at")))
                                        .withLink("/internal/payments/" + orderId))
                .list();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
