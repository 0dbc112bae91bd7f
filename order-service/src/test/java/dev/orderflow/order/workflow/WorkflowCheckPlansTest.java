package dev.orderflow.order.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.QueryPlans;
import dev.orderflow.order.OrderDatabaseFixture;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the search for missing workflows reads, which every instance does twice a minute.
class WorkflowCheckPlansTest {

    @AutoClose private final OrderDatabaseFixture database = new OrderDatabaseFixture();

    @Test
    void onlyOpenOrdersAreRead() {
        database.insertOrders(100_000, "SHIPPED", 1);
        database.insertOrders(1_000, "PENDING", 2);
        database.jdbc()
                .sql(
                        """
                        INSERT INTO workflow_check (order_id, next_check_at)
                        SELECT id, now() FROM orders WHERE NOT is_final
                        """)
                .update();
        database.analyze();
        assertThat(
                        QueryPlans.findPlans(
                                database.dataSource(),
                                source -> {
                                    repository(source).deleteFinal();
                                    assertThat(claim(source)).hasSize(100);
                                }))
                .hasSize(2)
                .allSatisfy(
                        plan ->
                                assertThat(plan)
                                        .contains("open_orders")
                                        .doesNotContain("Seq Scan on orders"));
    }

    /// While events cannot be published, the orders to check and the outbox grow together.
    @Test
    void theOutboxIsReadOnceForAllOrders() {
        database.keepPlans(source -> assertThat(claim(source)).isEmpty());
        database.insertOrders(5_000, "PENDING", 1);
        database.insertEventsOfOpenOrders();
        database.insertOrders(5, "PENDING", 2);

        assertThat(
                        database.pagesRead(
                                List.of("outbox", "outbox_parked"),
                                () -> assertThat(claim(database.singleConnection())).hasSize(5)))
                .isBetween(1, 1_000);
        assertThat(
                        QueryPlans.findPlans(
                                database.singleConnection(),
                                source -> assertThat(claim(source)).isEmpty()))
                .singleElement()
                .satisfies(plan -> assertThat(plan).doesNotContain("Nested Loop"));
    }

    private static List<WorkflowCheckRepository.DueCheck> claim(DataSource source) {
        return repository(source).claim(Duration.ofMinutes(5), Duration.ofDays(80), 100);
    }

    private static WorkflowCheckRepository repository(DataSource source) {
        return new WorkflowCheckRepository(
                JdbcClient.create(source), OrderDatabaseFixture.transactions(source));
    }
}
