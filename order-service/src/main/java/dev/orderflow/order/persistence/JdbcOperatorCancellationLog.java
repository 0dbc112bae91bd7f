package dev.orderflow.order.persistence;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.order.cancellation.OperatorCancellationLog;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcOperatorCancellationLog implements OperatorCancellationLog {

    private final JdbcClient jdbc;

    JdbcOperatorCancellationLog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void append(
            UUID orderId, Operator operator, String reason, OperatorCancellationResult result) {
        jdbc.sql(
                        """
                        INSERT INTO operator_cancellation
                               (order_id, requested_by, requested_by_name, reason, result)
                        VALUES (:order, :subject, :name, :reason, :result)
                        ON CONFLICT ON CONSTRAINT same_cancellation_is_stored_once DO NOTHING
                        """)
                .param("order", orderId)
                .param("subject", operator.subject())
                .param("name", operator.name())
                .param("reason", reason)
                .param("result", result.name())
                .update();
    }
}
