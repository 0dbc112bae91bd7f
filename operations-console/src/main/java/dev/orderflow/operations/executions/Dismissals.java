package dev.orderflow.operations.executions;

import dev.orderflow.operations.executions.ExecutionsClient.ListedExecution;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Failed executions that an operator removed from the list, because Step Functions deletes none on
/// request. One that is redriven and fails again is listed again.
@Component
class Dismissals {

    private final JdbcClient jdbc;

    Dismissals(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Removes an execution from the list. Repeating it changes nothing.
    void dismiss(StoppedExecution execution) {
        jdbc.sql(
                        """
                        INSERT INTO dismissed_execution (name, redrive_count) VALUES (:name, :redriven)
                        ON CONFLICT DO NOTHING
                        """)
                .param("name", execution.name())
                .param("redriven", execution.redriveCount())
                .update();
    }

    /// Those of the given executions that were dismissed.
    Set<ListedExecution> findDismissed(Collection<ListedExecution> executions) {
        if (executions.isEmpty()) {
            return Set.of();
        }
        var dismissed =
                Set.copyOf(
                        jdbc.sql(
                                        """
                                        SELECT name, redrive_count FROM dismissed_execution
                                        WHERE name = ANY (:names)
                                        """)
                                .param(
                                        "names",
                                        executions.stream()
                                                .map(ListedExecution::name)
                                                .toArray(String[]::new))
                                .query(
                                        (row, _) ->
                                                new ListedExecution(
                                                        row.getString("name"),
                                                        row.getInt("redrive_count")))
                                .list());
        return executions.stream().filter(dismissed::contains).collect(Collectors.toSet());
    }
}
