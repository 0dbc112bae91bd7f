package dev.orderflow.payment.persistence;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.defaults.database.IntervalSeconds;
import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.payment.domain.OperationResult;
import dev.orderflow.payment.domain.PaymentOperationType;
import dev.orderflow.payment.domain.PaymentStateCode;
import dev.orderflow.payment.operation.PaymentOperations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcPaymentOperations implements PaymentOperations {

    private static final String SELECT =
            """
            SELECT idempotency_key, order_id, operation_type, request_fingerprint, requested_by,
                   requested_by_name, attempts,
                   result IS NULL AND lease_expires_at > clock_timestamp() AS leased,
                   result, result_amount, result_currency, result_code,
                   result_captured, result_refunded, gateway_code, created_at, completed_at
            FROM payment_operation
            """;

    private final JdbcClient jdbc;

    JdbcPaymentOperations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<StoredOperation> findByKey(String key) {
        return jdbc.sql(SELECT + "WHERE idempotency_key = :key")
                .param("key", key)
                .query((row, _) -> read(row))
                .optional();
    }

    @Override
    public List<StoredOperation> findByOrder(UUID orderId) {
        return jdbc.sql(SELECT + "WHERE order_id = :order ORDER BY created_at, idempotency_key")
                .param("order", orderId)
                .query((row, _) -> read(row))
                .list();
    }

    @Override
    public void begin(
            String key,
            UUID orderId,
            PaymentOperationType type,
            RequestFingerprint fingerprint,
            @Nullable Operator operator,
            UUID holder,
            Duration lease) {
        jdbc.sql(
                        """
                        INSERT INTO payment_operation
                               (idempotency_key, order_id, operation_type, request_fingerprint,
                                requested_by, requested_by_name, lease_owner, lease_expires_at)
                        VALUES (:key, :order, :type, :hash, :subject, :name, :holder,
                                clock_timestamp() + make_interval(secs => :lease))
                        """)
                .param("key", key)
                .param("order", orderId)
                .param("type", type.name())
                .param("hash", fingerprint.text())
                .param("subject", operator == null ? null : operator.subject())
                .param("name", operator == null ? null : operator.name())
                .param("holder", holder)
                .param("lease", IntervalSeconds.of(lease))
                .update();
    }

    @Override
    public void takeOverLease(String key, UUID holder, Duration lease) {
        jdbc.sql(
                        """
                        UPDATE payment_operation
                        SET lease_owner = :holder,
                            lease_expires_at = clock_timestamp() + make_interval(secs => :lease),
                            attempts = attempts + 1
                        WHERE idempotency_key = :key
                        """)
                .param("key", key)
                .param("holder", holder)
                .param("lease", IntervalSeconds.of(lease))
                .update();
    }

    @Override
    public void releaseLease(String key, UUID holder) {
        jdbc.sql(
                        """
                        UPDATE payment_operation SET lease_expires_at = clock_timestamp()
                        WHERE idempotency_key = :key AND lease_owner = :holder
                        """)
                .param("key", key)
                .param("holder", holder)
                .update();
    }

    @Override
    public void recordRefusal(String key, UUID holder, String gatewayCode) {
        jdbc.sql(
                        """
                        UPDATE payment_operation
                        SET gateway_code = :code,
                            lease_expires_at = CASE WHEN lease_owner = :holder THEN clock_timestamp()
                                               ELSE lease_expires_at END
                        WHERE idempotency_key = :key AND result IS NULL
                        """)
                .param("key", key)
                .param("holder", holder)
                .param("code", gatewayCode)
                .update();
    }

    @Override
    public OperationResult complete(String key, OperationResult result) {
        var amount =
                switch (result) {
                    case OperationResult.OperationSucceeded(var _, var money) -> money;
                    case OperationResult.RefundSucceeded(var money, var _, var _) -> money;
                    case OperationResult.AuthorizationDeclined _,
                            OperationResult.AlreadyVoided _,
                            OperationResult.AlreadyCaptured _ ->
                            null;
                };
        var refund = result instanceof OperationResult.RefundSucceeded succeeded ? succeeded : null;
        int stored =
                jdbc.sql(
                                """
                                UPDATE payment_operation
                                SET result = :result, result_amount = :amount, result_currency = :currency,
                                    result_code = :code, result_captured = :captured,
                                    result_refunded = :refunded, gateway_code = NULL,
                                    completed_at = clock_timestamp()
                                WHERE idempotency_key = :key AND result IS NULL
                                """)
                        .param("key", key)
                        .param("result", result.name())
                        .param("amount", amount == null ? null : amount.amount())
                        .param(
                                "currency",
                                amount == null ? null : amount.currency().getCurrencyCode())
                        .param(
                                "code",
                                result instanceof OperationResult.AuthorizationDeclined(var code)
                                        ? code
                                        : null)
                        .param("captured", refund == null ? null : refund.captured().amount())
                        .param("refunded", refund == null ? null : refund.refunded().amount())
                        .update();
        return stored == 1
                ? result
                : findByKey(key)
                        .map(StoredOperation::result)
                        .orElseThrow(IllegalStateException::new);
    }

    private static StoredOperation read(ResultSet row) throws SQLException {
        var completedAt = row.getObject("completed_at", OffsetDateTime.class);
        return new StoredOperation(
                row.getString("idempotency_key"),
                row.getObject("order_id", UUID.class),
                PaymentOperationType.valueOf(row.getString("operation_type")),
                new RequestFingerprint(row.getString("request_fingerprint")),
                row.getString("requested_by"),
                row.getString("requested_by_name"),
                row.getBoolean("leased"),
                row.getInt("attempts"),
                resultOf(row),
                row.getString("gateway_code"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                completedAt == null ? null : completedAt.toInstant());
    }

    private static @Nullable OperationResult resultOf(ResultSet row) throws SQLException {
        var name = row.getString("result");
        if (name == null) {
            return null;
        }
        var amount = row.getBigDecimal("result_amount");
        return switch (name) {
            case "REFUNDED" -> {
                var currency = row.getString("result_currency");
                yield new OperationResult.RefundSucceeded(
                        Money.of(amount, currency),
                        Money.of(row.getBigDecimal("result_captured"), currency),
                        Money.of(row.getBigDecimal("result_refunded"), currency));
            }
            case "DECLINED" ->
                    new OperationResult.AuthorizationDeclined(row.getString("result_code"));
            case "ALREADY_VOIDED" -> new OperationResult.AlreadyVoided();
            case "ALREADY_CAPTURED" -> new OperationResult.AlreadyCaptured();
            default ->
                    new OperationResult.OperationSucceeded(
                            PaymentStateCode.valueOf(name),
                            amount == null
                                    ? null
                                    : Money.of(amount, row.getString("result_currency")));
        };
    }
}
