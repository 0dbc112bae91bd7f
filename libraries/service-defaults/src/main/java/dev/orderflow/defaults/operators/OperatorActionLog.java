package dev.orderflow.defaults.operators;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The table `operator_action`: each request of an operator that may change something is recorded
/// before it is executed, and its response status afterwards. If it cannot be recorded, the request
/// fails. A row without a status is a request during which the instance stopped.
public final class OperatorActionLog {

    private final JdbcClient jdbc;

    public OperatorActionLog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Records a request before it is executed. It is committed when this returns.
    ///
    /// @param endpoint the method and the pattern of the path
    /// @param path the path of the request, which names what is changed
    /// @return the id of the row
    public long recordRequest(
            Operator operator, String endpoint, String path, @Nullable String idempotencyKey) {
        return jdbc.sql(
                        """
                        INSERT INTO operator_action
                               (performed_by, performed_by_name, endpoint, path, idempotency_key)
                        VALUES (:subject, :name, :endpoint, :path, :key) RETURNING id
                        """)
                .param("subject", operator.subject())
                .param("name", operator.name())
                .param("endpoint", endpoint)
                .param("path", path)
                .param("key", idempotencyKey)
                .query(Long.class)
                .single();
    }

    /// Records how a request was answered.
    public void recordResponse(long id, int status) {
        jdbc.sql("UPDATE operator_action SET response_status = :status WHERE id = :id")
                .param("status", status)
                .param("id", id)
                .update();
    }
}
