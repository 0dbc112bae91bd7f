package dev.orderflow.order.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import dev.orderflow.order.StoredEvents;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.placement.OrderCreatedFactory;
import dev.orderflow.order.workflow.MissingWorkflowStarter.MissingWorkflowResult;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Orders whose `OrderCreated` was lost. No event reaches the listener unless a test delivers it.
@RunningOrderService
class MissingWorkflowStarterTest {

    private final OrderApiClient api;
    private final JdbcClient jdbc;
    private final Orders orders;
    private final RecordingWorkflowClient workflows;
    private final MissingWorkflowStarter starter;
    private final FulfilmentRequestListener listener;
    private final StoredEvents events;

    @Autowired
    MissingWorkflowStarterTest(
            @LocalServerPort int port,
            JdbcClient jdbc,
            Orders orders,
            RecordingWorkflowClient workflows,
            MissingWorkflowStarter starter,
            FulfilmentRequestListener listener,
            StoredEvents events) {
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
        this.orders = orders;
        this.workflows = workflows;
        this.starter = starter;
        this.listener = listener;
        this.events = events;
    }

    @AfterEach
    void finishAllOrders() {
        workflows.answer = workflows::work;
        workflows.existences.clear();
        jdbc.sql("DELETE FROM workflow_check").update();
        jdbc.sql(
                        "UPDATE orders SET state = 'CANCELLED' WHERE state IN ('PENDING', 'CANCEL_REQUESTED')")
                .update();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PENDING", "CANCEL_REQUESTED"})
    void anOrderWithoutAWorkflowGetsExactlyOne(String state) {
        var order = placed("10 minutes", state);
        starter.startMissingWorkflows();
        assertThat(workflows.of(order)).hasSize(1);
        checkAgain(order);
        assertThat(workflows.of(order)).hasSize(1);
    }

    @Test
    void aWorkflowStartedLateGetsTheInputOfItsEvent() {
        var lost = placed("10 minutes", "PENDING");
        starter.startMissingWorkflows();
        var started = placed("1 second", "PENDING");
        assertThat(listener.handle(created(started))).isEqualTo(HandlingResult.ACKNOWLEDGE);
        var late = workflows.of(lost).getFirst();
        var usual = workflows.of(started).getFirst();
        assertThat(late.paymentMethodId()).isEqualTo(usual.paymentMethodId());
        assertThat(late.orderVersion()).isEqualTo(usual.orderVersion());
        assertThat(late.customerRef()).isEqualTo(usual.customerRef());
        assertThat(late.total()).isEqualTo(usual.total());
        assertThat(late.lines())
                .hasSameSizeAs(usual.lines())
                .allMatch(line -> line.quantity() == 1);
        assertThat(late.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    }

    @Test
    void theLostEventIsPublishedAgainForOtherConsumers() {
        var order = placed("10 minutes", "PENDING");
        starter.startMissingWorkflows();
        assertThat(events.count(order + "/OrderCreated")).isEqualTo(2);
        assertThat(timeline(order)).contains("WorkflowStartedLate");
    }

    @Test
    void aLostEventThatArrivesLaterStartsNothing() {
        var order = placed("10 minutes", "PENDING");
        starter.startMissingWorkflows();
        assertThat(listener.handle(created(order))).isEqualTo(HandlingResult.ACKNOWLEDGE);
        assertThat(workflows.of(order)).hasSize(1);
    }

    @Test
    void aYoungOrderOrOneWithAnUnpublishedEventIsNotChecked() {
        var young = placed("4 minutes", "PENDING");
        var waiting = placed("10 minutes", "PENDING");
        var parked = placed("10 minutes", "PENDING");
        // The event is not due for an hour.
        hold(waiting);
        jdbc.sql(
                        """
                        INSERT INTO outbox_parked (id, target, shard, event_key, event_id, event_type, payload,
                                                   content_type, occurred_at, stored_at, attempts, reason)
                        VALUES (-77, 'events', 0, :id::text, 'e', 'OrderCreated', '{}', 'application/json',
                                now(), now(), 5, 'a test of missing workflows')
                        """)
                .param("id", parked)
                .update();
        try {
            starter.startMissingWorkflows();
            assertThat(workflows.of(young)).isEmpty();
            assertThat(workflows.of(waiting)).isEmpty();
            assertThat(workflows.of(parked)).isEmpty();
        } finally {
            jdbc.sql("DELETE FROM outbox_parked WHERE reason = 'a test of missing workflows'")
                    .update();
            jdbc.sql("DELETE FROM outbox WHERE event_key = :id::text")
                    .param("id", waiting)
                    .update();
            jdbc.sql("DELETE FROM outbox_retry WHERE event_key = :id::text")
                    .param("id", waiting)
                    .update();
        }
    }

    @Test
    void anOrderWithARunningWorkflowNeverGetsASecondOne() {
        var order = placed("3 days", "PENDING");
        workflows.existences.put(order, new WorkflowClient.ExecutionLookup.RunningExecution());
        starter.startMissingWorkflows();
        assertThat(workflows.of(order)).isEmpty();
        assertThat(starter.startIfMissing(order))
                .isEqualTo(new MissingWorkflowResult.WorkflowRunning());
        // Step Functions overrules the stored status.
        workflows.existences.put(order, new WorkflowClient.ExecutionLookup.MissingExecution());
        workflows.answer = _ -> new WorkflowClient.StartWorkflowResult.AlreadyStarted();
        assertThat(starter.startIfMissing(order))
                .isEqualTo(new MissingWorkflowResult.WorkflowRunning());
        assertThat(timeline(order)).doesNotContain("WorkflowStartedLate");
    }

    @Test
    void anOrderWhoseExecutionMayBeDeletedIsLeftToAnOperator() {
        var order = placed("81 days", "PENDING");
        starter.startMissingWorkflows();
        assertThat(workflows.of(order)).isEmpty();
        var answer = start(order);
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(OrderApiClient.problemType(answer)).isEqualTo("order-too-old");
    }

    @Test
    void aFailedWorkflowIsNotStartedAgainAndOpensAWorkItemIfItsEventWasLost() {
        var order = placed("10 minutes", "PENDING");
        workflows.existences.put(
                order,
                new WorkflowClient.ExecutionLookup.UnsuccessfulExecution(
                        FailedExecution.FailureStatus.FAILED));
        workflows.failures.put(order, ExecutionFailure.of("States.Timeout", null));
        starter.startMissingWorkflows();
        checkAgain(order);
        assertThat(workflows.of(order)).isEmpty();
        assertThat(
                        jdbc.sql("SELECT kind || ' ' || reason FROM work_item WHERE order_id = :id")
                                .param("id", order)
                                .query(String.class)
                                .list())
                .containsExactly("WORKFLOW_FAILED workflow FAILED: States.Timeout");
        var answer = OrderApiClient.json(start(order));
        assertThat(answer.path("result").asString()).isEqualTo("ENDED");
        assertThat(answer.path("executionStatus").asString()).isEqualTo("FAILED");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOrderThatCannotBeCheckedDelaysNoOther(boolean isThrown) {
        var placedOrders = Stream.generate(() -> placed("10 minutes", "PENDING")).limit(5).toList();
        var refused = placedOrders.get(2);
        workflows.answer =
                input -> {
                    if (!input.orderId().equals(refused)) {
                        return workflows.work(input);
                    }
                    return fail(isThrown);
                };
        starter.startMissingWorkflows();
        assertThat(placedOrders)
                .allSatisfy(
                        order ->
                                assertThat(workflows.of(order))
                                        .hasSize(order.equals(refused) ? 0 : 1));
        workflows.answer = workflows::work;
        checkAgain(refused);
        assertThat(workflows.of(refused)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ordersThatAlwaysFailDoNotKeepTheOthersFromBeingChecked(boolean isThrown) {
        var failing = Stream.generate(() -> placed("20 minutes", "PENDING")).limit(3).toList();
        var others = Stream.generate(() -> placed("10 minutes", "PENDING")).limit(2).toList();
        failFor(failing, isThrown);
        starter.startMissingWorkflows();
        assertThat(others)
                .as("after three failures in turn the cause may be Step Functions")
                .allSatisfy(order -> assertThat(workflows.of(order)).isEmpty());
        assertThat(others)
                .allSatisfy(
                        order -> assertThat(nextCheckIn(order)).isLessThanOrEqualTo(Duration.ZERO));

        starter.startMissingWorkflows();
        assertThat(others).allSatisfy(order -> assertThat(workflows.of(order)).hasSize(1));
        assertThat(failing).allSatisfy(order -> assertThat(workflows.of(order)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theDelayAfterAFailedCheckDoublesUntilOneSucceeds(boolean isThrown) {
        var order = placed("10 minutes", "PENDING");
        failFor(List.of(order), isThrown);
        starter.startMissingWorkflows();
        assertThat(nextCheckIn(order)).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
        checkAgain(order);
        assertThat(nextCheckIn(order)).isBetween(Duration.ofSeconds(90), Duration.ofMinutes(2));
        workflows.answer = workflows::work;
        checkAgain(order);
        // Its event was published again, and no order is checked before.
        await().until(() -> !waits(order));
        workflows.existences.put(
                order, new WorkflowClient.ExecutionLookup.FailedLookup("ThrottlingException"));
        checkAgain(order);
        assertThat(nextCheckIn(order)).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
    }

    /// Tests leave orders without a workflow to each other, so only the given ones fail.
    private void failFor(List<UUID> failing, boolean isThrown) {
        workflows.answer =
                input -> failing.contains(input.orderId()) ? fail(isThrown) : workflows.work(input);
    }

    private static WorkflowClient.StartWorkflowResult fail(boolean isThrown) {
        if (isThrown) {
            throw new IllegalStateException("the address of Ada");
        }
        return new WorkflowClient.StartWorkflowResult.StartUnavailable("KMSInvalidState");
    }

    private Duration nextCheckIn(UUID order) {
        return Duration.ofMillis(
                jdbc.sql(
                                """
                                SELECT extract(epoch FROM next_check_at - now()) * 1000
                                  FROM workflow_check WHERE order_id = :id
                                """)
                        .param("id", order)
                        .query(Long.class)
                        .single());
    }

    @Test
    void aRefusedStartIsTheReasonOfAWorkItem() {
        var order = placed("10 minutes", "PENDING");
        workflows.answer =
                input ->
                        input.orderId().equals(order)
                                ? new WorkflowClient.StartWorkflowResult.InputRefused(
                                        "answered 400 InvalidExecutionInput")
                                : workflows.work(input);
        starter.startMissingWorkflows();
        checkAgain(order);
        assertThat(
                        jdbc.sql(
                                        "SELECT kind || ': ' || reason FROM work_item WHERE order_id = :id")
                                .param("id", order)
                                .query(String.class)
                                .list())
                .containsExactly(
                        "STUCK: its workflow cannot be started: answered 400 InvalidExecutionInput");
        assertThat(nextCheckIn(order)).isGreaterThan(Duration.ofSeconds(90));
    }

    @Test
    void whileStepFunctionsIsUnavailableNothingIsStartedAndItIsRetried() {
        var order = placed("10 minutes", "PENDING");
        workflows.existences.put(
                order, new WorkflowClient.ExecutionLookup.FailedLookup("ThrottlingException"));
        starter.startMissingWorkflows();
        assertThat(workflows.of(order)).isEmpty();
        var answer = start(order);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        workflows.existences.clear();
        workflows.answer =
                _ -> new WorkflowClient.StartWorkflowResult.StartUnavailable("ThrottlingException");
        checkAgain(order);
        assertThat(workflows.of(order)).isEmpty();
        workflows.answer = workflows::work;
        checkAgain(order);
        assertThat(workflows.of(order)).hasSize(1);
    }

    @Test
    void concurrentInstancesStartOneWorkflow() throws Exception {
        var lost = List.of(placed("10 minutes", "PENDING"), placed("11 minutes", "PENDING"));
        try (var instances = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> look =
                    () -> {
                        starter.startMissingWorkflows();
                        return true;
                    };
            for (var looked : instances.invokeAll(List.of(look, look, look, look))) {
                looked.get();
            }
        }
        for (var order : lost) {
            assertThat(workflows.of(order)).hasSize(1);
            assertThat(timeline(order).split("WorkflowStartedLate", -1)).hasSize(2);
        }
    }

    @Test
    void anOperatorCanStartAMissingWorkflowAndRepeatingItChangesNothing() {
        var order = placed("1 second", "PENDING");
        var first = start(order);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(OrderApiClient.json(first).path("result").asString()).isEqualTo("STARTED");
        assertThat(OrderApiClient.json(start(order)).path("result").asString())
                .isEqualTo("RUNNING");
        assertThat(workflows.of(order)).hasSize(1);
    }

    @Test
    void noWorkflowIsStartedForAFinalOrUnknownOrder() {
        var ended = placed("10 minutes", "SHIPPED");
        assertThat(OrderApiClient.problemType(start(ended))).isEqualTo("order-final");
        assertThat(start(UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(
                        api.sendInternal("POST", "/internal/orders/nonsense/workflow/start", "")
                                .statusCode())
                .isEqualTo(400);
        assertThat(workflows.of(ended)).isEmpty();
    }

    private HttpResponse<String> start(UUID order) {
        return api.sendInternal("POST", "/internal/orders/" + order + "/workflow/start", "");
    }

    private void checkAgain(UUID order) {
        jdbc.sql("UPDATE workflow_check SET next_check_at = now() WHERE order_id = :id")
                .param("id", order)
                .update();
        starter.startMissingWorkflows();
    }

    private UUID placed(String age, String state) {
        var order = UUID.fromString(api.placeAccepted(api.createArticle("24.95", "EUR")));
        await().until(() -> !waits(order));
        jdbc.sql(
                        """
                        UPDATE orders SET placed_at = now() - :age::interval, state = :state WHERE id = :id
                        """)
                .param("age", age)
                .param("state", state)
                .param("id", order)
                .update();
        return order;
    }

    private boolean waits(UUID order) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM outbox WHERE event_key = :id::text)")
                .param("id", order)
                .query(Boolean.class)
                .single();
    }

    private void hold(UUID order) {
        jdbc.sql(
                        """
                        WITH held AS (
                            INSERT INTO outbox_retry (target, event_key, outbox_id, attempts, not_before, reason)
                            VALUES ('events', :id::text, -78, 1, now() + interval '1 hour', 'a test of missing workflows'))
                        INSERT INTO outbox (id, target, shard, event_key, event_id, event_type, payload,
                                            content_type, occurred_at)
                        OVERRIDING SYSTEM VALUE
                        VALUES (-78, 'events', 0, :id::text, 'e', 'OrderCreated', '{}', 'application/json', now())
                        """)
                .param("id", order)
                .update();
    }

    private String timeline(UUID order) {
        return api.sendInternal("GET", "/internal/orders/" + order, "").body();
    }

    private ReceivedMessage created(UUID order) {
        var event = OrderCreatedFactory.create(orders.find(order).orElseThrow(), null);
        var body =
                """
                {"version":"0","id":"%s","detail-type":"%s","source":"test","account":"1",
                 "time":"2026-11-02T09:15:30Z","region":"us-east-1","resources":[],"detail":%s}"""
                        .formatted(UUID.randomUUID(), event.type(), MessageCodec.write(event));
        return new ReceivedMessage(body, "message-1", 1, Instant.now(), "http://localhost/1/queue");
    }
}
