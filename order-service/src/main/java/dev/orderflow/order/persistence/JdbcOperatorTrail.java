package dev.orderflow.order.persistence;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.order.access.OperatorTrail;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcOperatorTrail implements OperatorTrail {

    private final JdbcClient jdbc;

    JdbcOperatorTrail(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void note(CustomerRef operator, Action action, UUID orderId) {
        jdbc.sql(
                        """
                        INSERT INTO operator_access (operator, action, order_id)
                        VALUES (:operator, :action, :order)
                        """)
                .param("operator", operator.value())
                .param("action", action.name())
                .param("order", orderId)
                .update();
    }
}
