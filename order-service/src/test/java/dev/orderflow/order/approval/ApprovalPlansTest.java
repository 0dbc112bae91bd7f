package dev.orderflow.order.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.QueryPlans;
import dev.orderflow.order.OrderDatabaseFixture;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What each poll for decisions reads, which every instance does every two seconds.
class ApprovalPlansTest {

    @AutoClose private final OrderDatabaseFixture database = new OrderDatabaseFixture();

    @Test
    void onlyOpenOrdersAreRead() {
        database.insertOrders(100_000, "SHIPPED", 1);
        database.insertOrders(2_000, "PENDING", 2);
        insertApprovalsOf("NOT is_final");
        database.analyze();
        assertThat(
                        QueryPlans.findPlans(
                                database.dataSource(),
                                source -> {
                                    var approvals = new Approvals(JdbcClient.create(source));
                                    assertThat(approvals.findUndecidedOfCancelledOrders())
                                            .isEmpty();
                                    assertThat(approvals.completeUndecidedOfFinalOrders()).isZero();
                                    assertThat(approvals.findPending(200)).hasSize(200);
                                }))
                .hasSize(3)
                .allSatisfy(plan -> assertThat(plan).doesNotContain("Seq Scan on orders"));
    }

    /// An order is rejected when its approval was not decided in time.
    @Test
    void approvalsThatWereNeverDecidedLeaveTheIndexOfPolls() {
        database.insertOrders(5_000, "REJECTED", 1);
        insertApprovalsOf("is_final");
        database.insertOrders(5, "CANCEL_REQUESTED", 2);
        insertApprovalsOf("NOT is_final");
        database.analyze();
        var approvals = new Approvals(JdbcClient.create(database.singleConnection()));
        int completed = 0;
        for (int ended = approvals.completeUndecidedOfFinalOrders(); ended > 0; ) {
            completed += ended;
            ended = approvals.completeUndecidedOfFinalOrders();
        }
        assertThat(completed).isEqualTo(5_000);
        assertThat(
                        database.jdbc()
                                .sql(
                                        """
                                        SELECT count(*) FROM approval
                                         WHERE completed_at IS NULL AND decision IS NULL
                                        """)
                                .query(Integer.class)
                                .single())
                .as("entries of the index that each poll reads")
                .isEqualTo(5);
    }

    /// Decisions are claimed by the time when they are due, whatever waits for a decision.
    @Test
    void aClaimReadsNoApprovalThatIsNotDecided() {
        database.insertOrders(5_000, "PENDING", 1);
        insertApprovalsOf("NOT is_final");
        database.analyze();
        var approvals = new Approvals(JdbcClient.create(database.singleConnection()));
        var order =
                database.jdbc()
                        .sql("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
                        .query((row, _) -> row.getObject("id", UUID.class))
                        .single();
        assertThat(approvals.decide(order, ApprovalDecision.APPROVE, "ada", "Ada", null)).isTrue();

        assertThat(
                        database.pagesRead(
                                List.of("approval"),
                                () -> {
                                    assertThat(approvals.claimUnsentDecision(Duration.ofMinutes(1)))
                                            .hasValueSatisfying(
                                                    unsent ->
                                                            assertThat(unsent.orderId())
                                                                    .isEqualTo(order));
                                    assertThat(approvals.claimUnsentDecision(Duration.ofMinutes(1)))
                                            .isEmpty();
                                }))
                .isBetween(1, 50);
    }

    private void insertApprovalsOf(String condition) {
        database.jdbc()
                .sql(
                        """
                        INSERT INTO approval (order_id, total_amount, currency, task_token, requested_at)
                        SELECT id, total_amount, currency, 'token-' || id, placed_at FROM orders
                         WHERE
                        """
                                + condition)
                .update();
    }
}
