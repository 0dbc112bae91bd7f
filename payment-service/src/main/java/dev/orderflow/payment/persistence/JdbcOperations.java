package dev.orderflow.payment.persistence;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.payment.domain.Answer;
import dev.orderflow.payment.domain.Kind;
import dev.orderflow.payment.domain.Status;
import dev.orderflow.payment.operation.Operations;
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
class JdbcOperations implements Operations {

    private static final String SELECT =
            """
            SELECT idempotency_key, order_id, kind, body_hash, begun,
                   answer IS NULL AND lease_until > clock_timestamp() AS leased,
                   answer, answer_amount, answer_currency, answer_code,
                   answer_captured, answer_refunded, gateway_code, created_at, answered_at
            FROM operation
            """;

    private final JdbcClient jdbc;

    JdbcOperations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Operation> byKey(String key) {
        return jdbc.sql(SELECT + "WHERE idempotency_key = :key")
                .param("key", key)
                .query((row, _) -> read(row))
                .optional();
    }

    @Override
    public List<Operation> of(UUID orderId) {
        return jdbc.sql(SELECT + "WHERE order_id = :order ORDER BY created_at, idempotency_key")
                .param("order", orderId)
                .query((row, _) -> read(row))
                .list();
    }

    @Override
    public void begin(
            String key,
            UUID orderId,
            Kind kind,
            RequestFingerprint fingerprint,
            UUID holder,
            Duration lease) {
        jdbc.sql(
                        """
                        INSERT INTO operation
                               (idempotency_key, order_id, kind, body_hash, lease_holder, lease_until)
                        VALUES (:key, :order, :kind, :hash, :holder,
                                clock_timestamp() + make_interval(secs => :lease))
                        """)
                .param("key", key)
                .param("order", orderId)
                .param("kind", kind.name())
                .param("hash", fingerprint.text())
                .param("holder", holder)
                .param("lease", seconds(lease))
                .update();
    }

    @Override
    public void takeOver(String key, UUID holder, Duration lease) {
        jdbc.sql(
                        """
                        UPDATE operation
                        SET lease_holder = :holder,
                            lease_until = clock_timestamp() + make_interval(secs => :lease),
                            begun = begun + 1
                        WHERE idempotency_key = :key
                        """)
                .param("key", key)
                .param("holder", holder)
                .param("lease", seconds(lease))
                .update();
    }

    @Override
    public void release(String key, UUID holder) {
        jdbc.sql(
                        """
                        UPDATE operation SET lease_until = clock_timestamp()
                        WHERE idempotency_key = :key AND lease_holder = :holder
                        """)
                .param("key", key)
                .param("holder", holder)
                .update();
    }

    @Override
    public void refuse(String key, UUID holder, String gatewayCode) {
        jdbc.sql(
                        """
                        UPDATE operation
                        SET gateway_code = :code,
                            lease_until = CASE WHEN lease_holder = :holder THEN clock_timestamp()
                                               ELSE lease_until END
                        WHERE idempotency_key = :key AND answer IS NULL
                        """)
                .param("key", key)
                .param("holder", holder)
                .param("code", gatewayCode)
                .update();
    }

    @Override
    public Answer answer(String key, Answer answer) {
        var amount =
                switch (answer) {
                    case Answer.Done(var _, var money) -> money;
                    case Answer.GivenBack(var money, var _, var _) -> money;
                    case Answer.Declined _, Answer.VoidedBefore _, Answer.CapturedBefore _ -> null;
                };
        var givenBack = answer instanceof Answer.GivenBack back ? back : null;
        int stored =
                jdbc.sql(
                                """
                                UPDATE operation
                                SET answer = :answer, answer_amount = :amount, answer_currency = :currency,
                                    answer_code = :code, answer_captured = :captured,
                                    answer_refunded = :refunded, gateway_code = NULL,
                                    answered_at = clock_timestamp()
                                WHERE idempotency_key = :key AND answer IS NULL
                                """)
                        .param("key", key)
                        .param("answer", name(answer))
                        .param("amount", amount == null ? null : amount.amount())
                        .param(
                                "currency",
                                amount == null ? null : amount.currency().getCurrencyCode())
                        .param("code", answer instanceof Answer.Declined(var code) ? code : null)
                        .param("captured", givenBack == null ? null : givenBack.captured().amount())
                        .param("refunded", givenBack == null ? null : givenBack.refunded().amount())
                        .update();
        return stored == 1
                ? answer
                : byKey(key).map(Operation::answer).orElseThrow(IllegalStateException::new);
    }

    private static String name(Answer answer) {
        return switch (answer) {
            case Answer.Done(var status, var _) -> status.name();
            case Answer.GivenBack _ -> Status.REFUNDED.name();
            case Answer.Declined _ -> "DECLINED";
            case Answer.VoidedBefore _ -> "VOIDED_BEFORE";
            case Answer.CapturedBefore _ -> "CAPTURED_BEFORE";
        };
    }

    private static Operation read(ResultSet row) throws SQLException {
        var answeredAt = row.getObject("answered_at", OffsetDateTime.class);
        return new Operation(
                row.getString("idempotency_key"),
                row.getObject("order_id", UUID.class),
                Kind.valueOf(row.getString("kind")),
                new RequestFingerprint(row.getString("body_hash")),
                row.getBoolean("leased"),
                row.getInt("begun"),
                answerOf(row),
                row.getString("gateway_code"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                answeredAt == null ? null : answeredAt.toInstant());
    }

    private static @Nullable Answer answerOf(ResultSet row) throws SQLException {
        var name = row.getString("answer");
        if (name == null) {
            return null;
        }
        var amount = row.getBigDecimal("answer_amount");
        return switch (name) {
            case "REFUNDED" -> {
                var currency = row.getString("answer_currency");
                yield new Answer.GivenBack(
                        Money.of(amount, currency),
                        Money.of(row.getBigDecimal("answer_captured"), currency),
                        Money.of(row.getBigDecimal("answer_refunded"), currency));
            }
            case "DECLINED" -> new Answer.Declined(row.getString("answer_code"));
            case "VOIDED_BEFORE" -> new Answer.VoidedBefore();
            case "CAPTURED_BEFORE" -> new Answer.CapturedBefore();
            default ->
                    new Answer.Done(
                            Status.valueOf(name),
                            amount == null
                                    ? null
                                    : Money.of(amount, row.getString("answer_currency")));
        };
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
