package dev.orderflow.order.workitems;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.RefusedWrites;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import dev.orderflow.order.domain.WorkItemKind;
import dev.orderflow.order.domain.WorkItems;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@RunningOrderService
class WorkItemsTest {

    private final OrderApiClient api;
    private final JdbcClient jdbc;
    private final StuckOrderDetector overdue;
    private final WorkItems workItems;
    private final TransactionTemplate transactions;

    @Autowired
    WorkItemsTest(
            @LocalServerPort int port,
            JdbcClient jdbc,
            StuckOrderDetector overdue,
            WorkItems workItems,
            TransactionTemplate transactions) {
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
        this.overdue = overdue;
        this.workItems = workItems;
        this.transactions = transactions;
    }

    /// Other tests count the parked events.
    @AfterEach
    void deleteParkedEvents() {
        jdbc.sql("DELETE FROM outbox_parked WHERE reason = 'a test'").update();
    }

    // Stuck orders

    @ParameterizedTest
    @CsvSource({
        "PENDING, 14 minutes, false",
        "PENDING, 16 minutes, true",
        "CONFIRMED, 119 minutes, false",
        "CONFIRMED, 121 minutes, true",
        "DISPATCHING, 119 minutes, false",
        "DISPATCHING, 121 minutes, true",
        "CANCEL_REQUESTED, 14 minutes, false",
        "CANCEL_REQUESTED, 16 minutes, true",
        "SHIPPED, 300 days, false",
        "CANCELLED, 300 days, false"
    })
    void anOrderIsStuckAfterTheTimeLimitOfItsState(String state, String age, boolean listed) {
        var order = stuck(state, age);
        overdue.openWorkItems();
        assertThat(kinds(order)).isEqualTo(listed ? List.of("STUCK") : List.of());
    }

    @Test
    void anOrderWhoseWorkItemCannotBeOpenedDelaysNoOther() {
        var orders = Stream.generate(() -> stuck("PENDING", "1 hour")).limit(3).toList();
        var refused = orders.get(1);
        try (var _ =
                RefusedWrites.of(
                        jdbc,
                        "23514",
                        "INSERT",
                        "work_item",
                        "NEW.order_id = '%s'".formatted(refused))) {
            overdue.openWorkItems();
        }
        assertThat(orders)
                .allSatisfy(
                        order ->
                                assertThat(kinds(order))
                                        .isEqualTo(
                                                order.equals(refused)
                                                        ? List.of()
                                                        : List.of("STUCK")));
        overdue.openWorkItems();
        assertThat(kinds(refused)).containsExactly("STUCK");
    }

    @Test
    void theTimeLimitCountsFromTheLatestTransition() {
        var order = stuck("CONFIRMED", "3 days");
        moved(order, "CONFIRMED", "1 minute");
        overdue.openWorkItems();
        assertThat(kinds(order)).isEmpty();
    }

    @Test
    void aDecisionRestartsTheTimeLimit() {
        var decided = stuck("PENDING", "3 hours");
        requested(decided, "3 hours");
        decide(decided, "1 minute");
        var forgotten = stuck("PENDING", "3 hours");
        requested(forgotten, "3 hours");
        decide(forgotten, "16 minutes");
        overdue.openWorkItems();
        assertThat(kinds(decided)).isEmpty();
        assertThat(kinds(forgotten)).containsExactly("STUCK");
        assertThat(reason(forgotten)).endsWith("waits for a report of its workflow");
    }

    @Test
    void theTimeLimitForADecisionCountsFromTheRequest() {
        var order = stuck("PENDING", "50 hours");
        requested(order, "47 hours");
        overdue.openWorkItems();
        assertThat(kinds(order)).isEmpty();
    }

    @Test
    void theLateStartOfAMissingWorkflowRestartsTheTimeLimit() {
        var missing = stuck("PENDING", "1 hour");
        recordCheck(missing, "MISSING", null);
        var startedLate = stuck("CANCEL_REQUESTED", "1 hour");
        recordCheck(startedLate, "STARTED", "1 minute");
        overdue.openWorkItems();
        assertThat(reason(missing)).endsWith("waits for its workflow to be started");
        assertThat(kinds(startedLate)).isEmpty();
    }

    private void recordCheck(UUID order, String found, @Nullable String started) {
        jdbc.sql(
                        """
                        INSERT INTO workflow_check (order_id, next_check_at, execution_status, checked_at, started_late_at)
                        VALUES (:id, now() + interval '1 day', :found, now(), now() - :started::interval)
                        """)
                .param("id", order)
                .param("found", found)
                .param("started", started)
                .update();
    }

    private void decide(UUID order, String age) {
        jdbc.sql(
                        """
                        UPDATE approval SET decision = 'APPROVE', decided_by = 'ada',
                               decided_at = now() - :age::interval, completed_at = now()
                         WHERE order_id = :id
                        """)
                .param("id", order)
                .param("age", age)
                .update();
    }

    // Concurrent transactions

    /// Two connections interleave: one resolves the only item it sees, while the other has opened
    /// another item and has not committed yet.
    @Test
    void anItemOpenedWhileAnotherIsResolvedIsNeitherLostNorHidden() throws Exception {
        var order = placed();
        workItems.open(order, WorkItemKind.OUT_OF_ORDER, "first");
        var first = item(order);
        var opened = new CountDownLatch(1);
        var mayCommit = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var raising =
                    threads.submit(
                            () ->
                                    transactions.execute(
                                            _ -> {
                                                workItems.open(
                                                        order,
                                                        WorkItemKind.WORKFLOW_FAILED,
                                                        "second");
                                                opened.countDown();
                                                await(mayCommit);
                                                return true;
                                            }));
            await(opened);
            var resolving = threads.submit(() -> resolve(first, "grace", "done").statusCode());
            // The result must be right whether it waits for the other transaction or not.
            mayCommit.countDown();
            assertThat(resolving.get()).isEqualTo(200);
            assertThat(raising.get()).isTrue();
        }
        assertThat(kinds(order)).containsExactly("WORKFLOW_FAILED");
        assertThat(workItemReason(order)).isEqualTo("second");
        assertThat(needsAttention(order)).isTrue();
    }

    @Test
    void anItemResolvedBeforeAConcurrentlyOpenedOneCommitsHidesNothing() throws Exception {
        var order = placed();
        workItems.open(order, WorkItemKind.OUT_OF_ORDER, "first");
        var first = item(order);
        transactions.executeWithoutResult(
                _ -> {
                    workItems.open(order, WorkItemKind.WORKFLOW_FAILED, "second");
                    // On a connection of its own; it does not see the second item.
                    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                        var resolved =
                                threads.submit(() -> resolve(first, "grace", "done").statusCode());
                        assertThat(resolved.get()).isEqualTo(200);
                    } catch (ExecutionException | InterruptedException failed) {
                        throw new IllegalStateException(failed);
                    }
                });
        assertThat(workItemReason(order)).isEqualTo("second");
        assertThat(needsAttention(order)).isTrue();
    }

    @Test
    void anOrderThatIsFinalByNowIsNotStuck() {
        var order = stuck("SHIPPED", "1 hour");
        assertThat(workItems.open(order, WorkItemKind.STUCK, "PENDING since then")).isFalse();
        assertThat(kinds(order)).isEmpty();
        assertThat(
                        workItems.open(
                                order, WorkItemKind.OUT_OF_ORDER, "cancelled after it was shipped"))
                .isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void concurrentAndRepeatedRunsOpenOneWorkItem() throws Exception {
        var order = stuck("PENDING", "1 hour");
        try (var instances = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> look = overdue::openWorkItems;
            for (var looked : instances.invokeAll(List.of(look, look, look, look))) {
                looked.get();
            }
        }
        assertThat(overdue.openWorkItems()).isZero();
        assertThat(kinds(order)).containsExactly("STUCK");
        assertThat(rows(order)).isEqualTo(1);
    }

    @Test
    void theReasonNamesWhatTheOrderWaitsFor() {
        var workflow = stuck("PENDING", "1 hour");
        var carrier = stuck("DISPATCHING", "3 hours");
        var decision = stuck("PENDING", "50 hours");
        requested(decision, "50 hours");
        var patient = stuck("PENDING", "48 hours");
        requested(patient, "48 hours");
        var parked = stuck("PENDING", "1 hour");
        park(parked);

        overdue.openWorkItems();

        assertThat(reason(workflow))
                .matches("PENDING since [0-9TZ:-]+: waits for a report of its workflow");
        assertThat(reason(carrier)).endsWith("waits for the carrier");
        assertThat(reason(decision)).endsWith("waits for an approval decision");
        assertThat(kinds(patient)).as("within the two days a person has").isEmpty();
        assertThat(reason(parked)).endsWith("waits for the release of its parked event");
    }

    @Test
    void aTransitionResolvesTheStuckItem() {
        var order = stuck("PENDING", "1 hour");
        overdue.openWorkItems();
        assertThat(kinds(order)).containsExactly("STUCK");

        assertThat(api.cancel(order.toString()).statusCode()).isEqualTo(202);

        assertThat(kinds(order)).isEmpty();
        assertThat(rows(order)).as("it is kept").isEqualTo(1);
        assertThat(needsAttention(order)).isFalse();
    }

    @Test
    void otherItemsStayOpenAfterATransition() {
        var order = placed();
        workItems.open(order, WorkItemKind.COMPENSATION_FAILED, "workflow FAILED in VoidPayment");
        workItems.open(order, WorkItemKind.OUT_OF_ORDER, "OrderShipped came while PENDING");
        assertThat(api.cancel(order.toString()).statusCode()).isEqualTo(202);
        assertThat(kinds(order)).containsExactly("COMPENSATION_FAILED", "OUT_OF_ORDER");
    }

    // The list

    @Test
    void theListIsPagedOldestFirstAndByKind() {
        var orders = Stream.generate(this::placed).limit(3).toList();
        for (var order : orders) {
            workItems.open(order, WorkItemKind.OUT_OF_ORDER, "a test of paging");
        }
        var seen = new ArrayList<String>();
        var path = "/internal/work-items?kind=OUT_OF_ORDER&limit=2";
        var page = OrderApiClient.json(api.sendInternal("GET", path, ""));
        while (true) {
            page.path("items").forEach(item -> seen.add(item.path("orderId").asString()));
            if (!page.has("next")) {
                break;
            }
            assertThat(page.path("items").size()).isEqualTo(2);
            page =
                    OrderApiClient.json(
                            api.sendInternal(
                                    "GET", path + "&cursor=" + page.path("next").asString(), ""));
        }
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(seen)
                .containsSubsequence(orders.stream().map(UUID::toString).toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?limit=0",
                "?limit=201",
                "?limit=many",
                "?kind=NONSENSE",
                "?cursor=1",
                "/no-uuid"
            })
    void anInvalidQueryIsRefused(String question) {
        var answer = api.sendInternal("GET", "/internal/work-items" + question, "");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(OrderApiClient.problemType(answer)).isIn("invalid-request", "bad-request");
    }

    @Test
    void aCustomersTokenDoesNotOpenTheApi() {
        assertThat(api.get("/internal/work-items").statusCode()).isEqualTo(401);
    }

    // Resolution

    @Test
    void anItemStaysOpenUntilItIsResolvedAndARepeatedResolutionChangesNothing() {
        var order = placed();
        workItems.open(order, WorkItemKind.COMPENSATION_FAILED, "workflow FAILED in VoidPayment");
        assertThat(needsAttention(order)).isTrue();
        var item = item(order);

        var first = resolve(item, "grace", "voided by hand");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(OrderApiClient.json(first).path("resolvedBy").asString()).isEqualTo("grace");
        assertThat(OrderApiClient.json(first).path("resolvedByName").asString()).isEqualTo("Grace");
        assertThat(resolve(item, "grace", "voided by hand").body()).isEqualTo(first.body());
        assertThat(kinds(order)).isEmpty();
        assertThat(needsAttention(order)).isFalse();

        var other = resolve(item, "alan", "me too");
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(OrderApiClient.problemType(other)).isEqualTo("work-item-already-resolved");
        assertThat(OrderApiClient.json(other).path("resolvedBy").asString()).isEqualTo("grace");
    }

    @Test
    void ofTwoConcurrentResolutionsOneIsRefused() throws Exception {
        var order = placed();
        workItems.open(order, WorkItemKind.WORKFLOW_FAILED, "workflow FAILED");
        var item = item(order);
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers =
                    people.invokeAll(
                            List.<Callable<Integer>>of(
                                    () -> resolve(item, "grace", "done").statusCode(),
                                    () -> resolve(item, "alan", "done").statusCode()));
            var codes = new ArrayList<Integer>();
            for (var answer : answers) {
                codes.add(answer.get());
            }
            assertThat(codes).containsExactlyInAnyOrder(200, 409);
        }
    }

    @Test
    void theOrderShowsItsOldestOpenItem() {
        var order = placed();
        workItems.open(order, WorkItemKind.OUT_OF_ORDER, "first");
        var first = item(order);
        workItems.open(order, WorkItemKind.WORKFLOW_FAILED, "second");
        assertThat(resolve(first, "grace", "looked at it").statusCode()).isEqualTo(200);
        assertThat(workItemReason(order)).isEqualTo("second");
    }

    @Test
    void anUnknownItemIsNotFound() {
        var id = UUID.randomUUID().toString();
        for (var answer :
                List.of(
                        resolve(id, "grace", "done"),
                        api.sendInternal("GET", "/internal/work-items/" + id, ""))) {
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(OrderApiClient.problemType(answer)).isEqualTo("work-item-not-found");
        }
    }

    static Stream<String> hostileResolutions() {
        return Stream.of(
                "",
                "null",
                "[]",
                "{}",
                "{\"operator\":\"grace\"}",
                "{\"note\":1}",
                "{\"note\":null}",
                "{\"note\":\" \"}",
                "{\"note\":\"done\\nINFO all is well\"}",
                "{\"note\":\"\\u2028\"}",
                "{\"note\":\"\\ud800\"}",
                "{\"note\":\"done\",\"more\":1}",
                "{\"note\":\"done\",\"operator\":\"grace\"}",
                "{\"note\":\"done\",\"resolvedBy\":\"grace\"}",
                "{\"note\":\"done\",\"note\":\"undone\"}",
                "{\"note\":\"%s\"}".formatted("a".repeat(1001)));
    }

    @ParameterizedTest
    @MethodSource("hostileResolutions")
    void anInvalidResolutionIsRefusedAndResolvesNothing(String body) {
        var order = placed();
        workItems.open(order, WorkItemKind.WORKFLOW_FAILED, "workflow FAILED");
        var answer =
                api.sendInternal(
                        "POST", "/internal/work-items/" + item(order) + "/resolution", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(OrderApiClient.problemType(answer)).isIn("invalid-request", "malformed-body");
        assertThat(kinds(order)).containsExactly("WORKFLOW_FAILED");
    }

    @Test
    void theLongestResolutionIsAccepted() {
        var order = placed();
        workItems.open(order, WorkItemKind.WORKFLOW_FAILED, "workflow FAILED");
        assertThat(resolve(item(order), "g".repeat(100), "ü".repeat(1000)).statusCode())
                .isEqualTo(200);
    }

    private UUID placed() {
        return UUID.fromString(api.placeAccepted(api.createArticle("24.95", "EUR")));
    }

    /// Creates an order in the given state, placed the given time ago without any transition since.
    private UUID stuck(String state, String age) {
        var order = placed();
        jdbc.sql("DELETE FROM outbox WHERE event_key = :id::text").param("id", order).update();
        jdbc.sql(
                        """
                        UPDATE orders SET state = :state, placed_at = now() - :age::interval
                         WHERE id = :id
                        """)
                .param("state", state)
                .param("age", age)
                .param("id", order)
                .update();
        jdbc.sql("DELETE FROM order_timeline WHERE order_id = :id").param("id", order).update();
        moved(order, state, age);
        return order;
    }

    private void moved(UUID order, String state, String age) {
        jdbc.sql(
                        """
                        INSERT INTO order_timeline (order_id, occurred_at, type, effect, state, recorded_at)
                        VALUES (:id, now() - :age::interval, 'a test', 'MOVED', :state, now() - :age::interval)
                        """)
                .param("id", order)
                .param("age", age)
                .param("state", state)
                .update();
    }

    private void requested(UUID order, String age) {
        jdbc.sql(
                        """
                        INSERT INTO approval (order_id, total_amount, currency, task_token, requested_at)
                        VALUES (:id, 24.95, 'EUR', 'token', now() - :age::interval)
                        """)
                .param("id", order)
                .param("age", age)
                .update();
    }

    private void park(UUID order) {
        jdbc.sql(
                        """
                        INSERT INTO outbox_parked
                            (id, target, shard, event_key, event_id, event_type, payload, content_type,
                             occurred_at, stored_at, attempts, reason)
                        VALUES (:row, 'events', 0, :id::text, 'e',
                                'OrderCreated', '{}', 'application/json', now(), now(), 9, 'a test')
                        """)
                .param("row", ThreadLocalRandom.current().nextLong(1L << 40, 1L << 50))
                .param("id", order)
                .update();
    }

    private JsonNode open(UUID order) {
        var all =
                OrderApiClient.json(api.sendInternal("GET", "/internal/work-items?limit=200", ""));
        var own = all.path("items");
        var mine = JsonMapper.shared().createArrayNode();
        own.forEach(
                item -> {
                    if (item.path("orderId").asString().equals(order.toString())) {
                        mine.add(item);
                    }
                });
        return mine;
    }

    private List<String> kinds(UUID order) {
        var kinds = new ArrayList<String>();
        open(order).forEach(item -> kinds.add(item.path("kind").asString()));
        return kinds;
    }

    private String reason(UUID order) {
        return open(order).path(0).path("reason").asString("");
    }

    private String item(UUID order) {
        return open(order).path(0).path("id").asString();
    }

    private int rows(UUID order) {
        return jdbc.sql("SELECT count(*) FROM work_item WHERE order_id = :id")
                .param("id", order)
                .query(Integer.class)
                .single();
    }

    private boolean needsAttention(UUID order) {
        return OrderApiClient.json(api.get("/orders/" + order)).path("needsAttention").asBoolean();
    }

    private String workItemReason(UUID order) {
        return OrderApiClient.json(api.sendInternal("GET", "/internal/orders/" + order, ""))
                .path("workItemReason")
                .asString();
    }

    private HttpResponse<String> resolve(String item, String by, String note) {
        return api.sendAs(
                by,
                "POST",
                "/internal/work-items/" + item + "/resolution",
                "{\"note\":\"%s\"}".formatted(note));
    }
}
