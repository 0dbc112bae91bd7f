package dev.orderflow.order.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.QueryPlans;
import dev.orderflow.defaults.fixture.RoundTripRecorder;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What order-service says about an order for its case file.
@RunningOrderService
class OrderHistoryTest {

    private final OrderApiClient api;
    private final JdbcClient jdbc;
    private final DataSource database;
    private final RoundTripRecorder roundTrips;
    private String order = "";

    @Autowired
    OrderHistoryTest(
            @LocalServerPort int port,
            JdbcClient jdbc,
            DataSource database,
            RoundTripRecorder roundTrips) {
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
        this.database = database;
        this.roundTrips = roundTrips;
    }

    @BeforeEach
    void placeOrder() {
        order = api.placeAccepted(api.createArticle("24.95", "EUR"));
    }

    @Test
    void anUnknownOrderIsNotFoundAndAMalformedIdIsRefused() {
        var unknown = api.sendInternal("GET", path(UUID.randomUUID().toString()), "");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(OrderApiClient.problemType(unknown)).isEqualTo("order-not-found");
        assertThat(api.sendInternal("GET", path("1-1-1-1-1"), "").statusCode()).isEqualTo(400);
    }

    @Test
    void aNewOrderWasPlacedAndSaysSoWithoutPersonalData() {
        var history = history();
        assertThat(history.at("/states/0/summary").asString()).isEqualTo("The order is PENDING.");
        assertThat(history.at("/entries/0/type").asString()).isEqualTo("ORDER_PLACED");
        assertThat(history.at("/entries/0/participant").asString()).isEqualTo("customer");
        assertThat(history.at("/entries/0/summary").asString()).endsWith("1 line, 24.95 EUR.");
        assertThat(history.at("/entries/0/marks/0").asString()).isEqualTo("published:OrderCreated");
        assertThat(history.toString()).doesNotContain("ada", "Lovelace", "London", api.customer());
    }

    @Test
    void transitionsWorkItemsApprovalsAndParkedEventsAreEntries() {
        api.cancel(order);
        insert(
                "INSERT INTO work_item (id, order_id, kind, reason, resolved_at, resolved_by, resolved_by_name, note) VALUES (gen_random_uuid(), :id, 'STUCK', 'no report for 20 minutes', now() + interval '1 second', 'u-1', 'alice', 'called jane@example.com')");
        insert(
                "INSERT INTO approval (order_id, total_amount, currency, task_token) VALUES (:id, 1, 'EUR', 'token')");
        insert("INSERT INTO approval_audit (order_id, action) VALUES (:id, 'REQUESTED')");
        insert(
                "INSERT INTO approval_audit (order_id, action, decision, decided_by, decided_by_name, note) VALUES (:id, 'DECIDED', 'REJECT', 'u-2', 'bob', 'private')");
        insert(
                "INSERT INTO outbox_parked (id, target, shard, event_key, event_id, event_type, payload, content_type, occurred_at, stored_at, attempts, reason) VALUES (-1, 'orders', 0, :id::text, 'e-1', 'OrderCancellationRequested', '', 'x', now(), now(), 5, 'MalformedDetail')");
        var history = history();
        jdbc.sql("DELETE FROM outbox_parked WHERE id = -1").update();
        assertThat(summaries(history))
                .contains(
                        "CancellationRequested moved the order to CANCEL_REQUESTED.",
                        "The work item STUCK was opened: no report for 20 minutes.",
                        "The work item STUCK was resolved by alice.",
                        "The order is above the limit and waits for an approval.",
                        "bob decided REJECT about the approval.",
                        "OrderCancellationRequested is parked after 5 attempts (MalformedDetail) until an operator releases it.");
        assertThat(history.toString()).doesNotContain("jane", "private", "token");
    }

    @Test
    void whatNoOperatorDecidedOrResolvedIsNotAnOperators() {
        insert(
                "INSERT INTO work_item (id, order_id, kind, reason, resolved_at, resolved_by) VALUES (gen_random_uuid(), :id, 'STUCK', 'no report for 20 minutes', now(), 'transition of the order')");
        insert(
                "INSERT INTO approval (order_id, total_amount, currency, task_token) VALUES (:id, 1, 'EUR', 'token')");
        insert(
                "INSERT INTO approval_audit (order_id, action, decision, decided_by) VALUES (:id, 'DECIDED', 'CANCEL', 'customer')");
        var history = history();
        assertThat(summaries(history))
                .contains(
                        "The customer cancelled, so the approval was decided CANCEL.",
                        "The work item STUCK was resolved automatically: transition of the order.");
        assertThat(
                        history.path("entries")
                                .valueStream()
                                .map(entry -> entry.path("participant").asString()))
                .doesNotContain("operator");
    }

    @Test
    void aWorkItemAndTheStartOfAMissingWorkflowDoNotContradictTheOrder() {
        for (var type : List.of("WorkItemOpened", "WorkflowStartedLate")) {
            jdbc.sql(
                            """
                            INSERT INTO order_timeline (order_id, occurred_at, type, effect, state, detail)
                            VALUES (:id, now(), :type, 'FLAGGED', 'PENDING', 'its OrderCreated was lost')
                            """)
                    .param("id", UUID.fromString(order))
                    .param("type", type)
                    .update();
        }
        insert(
                "INSERT INTO workflow_check (order_id, next_check_at, execution_status, checked_at, started_late_at) VALUES (:id, now() + interval '1 day', 'STARTED', now(), now())");
        var history = history();
        assertThat(summaries(history))
                .filteredOn(summary -> !summary.contains("OrderCreated"))
                .containsExactly("The workflow was missing, so it was started.");
        assertThat(history.path("entries").valueStream().map(it -> it.path("outcome").asString()))
                .doesNotContain("FAILED");
    }

    /// The status is stored after the response was sent.
    @Test
    void whoAskedForAWorkflowOrReleasedEventsIsVisibleWithTheResult() {
        var released =
                api.sendAs(
                        "oskar", "POST", "/internal/outbox/parked/%s/release".formatted(order), "");
        assertThat(released.statusCode()).isEqualTo(404);
        api.sendAs(
                "anna",
                "POST",
                "/internal/orders/%s/workflow/start".formatted(order.toUpperCase(Locale.ROOT)),
                "");
        await().untilAsserted(
                        () ->
                                assertThat(summaries(history()))
                                        .contains(
                                                "Oskar asked to publish the parked events again. The request"
                                                        + " was answered 404.")
                                        .anyMatch(
                                                summary ->
                                                        summary.startsWith(
                                                                "Anna asked to start a missing workflow. The"
                                                                        + " request was answered ")));
    }

    @Test
    void aRepeatedCancellationIsVisible() {
        api.cancel(order);
        api.cancel(order);
        await().until(() -> history().toString().contains("REQUEST_REPEATED"));
    }

    @Test
    void aRepeatedPlacementIsVisibleAtTheFirstOrder() {
        var key = UUID.randomUUID().toString();
        var body = OrderApiClient.orderBody(api.createArticle("1.00", "EUR"), 1);
        order = OrderApiClient.json(api.place(key, body)).path("orderId").asString();
        api.place(key, body);
        await().until(() -> history().toString().contains("REQUEST_REPEATED"));
        assertThat(history().toString()).doesNotContain(key);
    }

    /// The outbox's table of waiting events has no other index on purpose.
    @Test
    void theNumberOfStatementsIsConstantAndEachUsesAnIndex() {
        api.cancel(order);
        var trace = RoundTripRecorder.startTrace();
        assertThat(
                        api.send(
                                        api.request(path(order))
                                                .header("X-Api-Key", OrderApiClient.INTERNAL_KEY)
                                                .header(
                                                        "traceparent",
                                                        RoundTripRecorder.traceparent(trace))
                                                .GET())
                                .statusCode())
                .isEqualTo(200);
        assertThat(roundTrips.findByTrace(trace))
                .hasSize(10)
                .allSatisfy(
                        sql ->
                                assertThat(QueryPlans.findTablesWithoutIndex(database, sql))
                                        .isSubsetOf(
                                                "outbox", "outbox_scheduled", "outbox_discarded"));
    }

    private static String path(String orderId) {
        return "/internal/orders/" + orderId + "/history";
    }

    private JsonNode history() {
        var answer = api.sendInternal("GET", path(order), "");
        assertThat(answer.statusCode()).isEqualTo(200);
        return OrderApiClient.json(answer);
    }

    private static List<String> summaries(JsonNode history) {
        return history.path("entries")
                .valueStream()
                .map(entry -> entry.path("summary").asString())
                .toList();
    }

    private void insert(String sql) {
        jdbc.sql(sql).param("id", UUID.fromString(order)).update();
    }
}
