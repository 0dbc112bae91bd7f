package dev.orderflow.order.workitems;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.QueryPlans;
import dev.orderflow.order.OrderDatabaseFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the search for stuck orders reads, which every instance does once a minute.
class StuckOrderPlansTest {

    private static final StuckOrderProperties LIMITS =
            new StuckOrderProperties(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(15),
                    Duration.ofHours(49),
                    Duration.ofHours(2),
                    Duration.ofHours(2),
                    Duration.ofMinutes(15));

    @AutoClose private final OrderDatabaseFixture database = new OrderDatabaseFixture();

    @Test
    void onlyOpenOrdersAreRead() {
        database.insertOrders(100_000, "SHIPPED", 1);
        database.insertOrders(1_000, "PENDING", 2);
        database.analyze();
        assertThat(
                        QueryPlans.findPlans(
                                database.dataSource(),
                                source -> assertThat(findReasons(source)).hasSize(200)))
                .singleElement()
                .satisfies(
                        plan ->
                                assertThat(plan)
                                        .contains("open_orders")
                                        .doesNotContain("Seq Scan on orders"));
    }

    /// While events cannot be published, the stuck orders and the outbox grow together.
    @Test
    void theOutboxIsReadOnceForAllOrders() {
        database.keepPlans(source -> assertThat(findReasons(source)).isEmpty());
        database.insertOrders(5_000, "PENDING", 1);
        database.insertEventsOfOpenOrders();

        assertThat(
                        database.pagesRead(
                                List.of("outbox"),
                                () ->
                                        assertThat(findReasons(database.singleConnection()))
                                                .hasSize(200)
                                                .allMatch(
                                                        it ->
                                                                it.endsWith(
                                                                        "waits for its event to be published"))))
                .isBetween(1, 1_000);
        // The orders are looked up by hash for each event.
        assertThat(
                        QueryPlans.findPlans(
                                database.singleConnection(), StuckOrderPlansTest::findReasons))
                .singleElement()
                .satisfies(plan -> assertThat(plan).contains("hashed SubPlan"));
    }

    private static List<String> findReasons(DataSource source) {
        var reasons = new ArrayList<String>();
        new StuckOrderDetector(
                        JdbcClient.create(source), (_, _, reason) -> reasons.add(reason), LIMITS)
                .openWorkItems();
        return reasons;
    }
}
