package dev.orderflow.order.persistence;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.order.access.OperatorAccessLog;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcOperatorAccessLog implements OperatorAccessLog {

    private final JdbcClient jdbc;

    JdbcOperatorAccessLog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void append(CustomerRef operator, OperatorAction action, UUID orderId) {
        jdbc.sql(
                        """
                        INSERT INTO operator_access_log (operator, action, order_id)
                        VALUES (:operator, :action, :order)
                        """)
                .param("operator", operator.value())
                .param("action", action.name())
                .param("order", orderId)
                .update();
    }
}
