package dev.orderflow.order.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.Total;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import dev.orderflow.order.domain.Orders;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@RunningOrderService
class WorkflowTest {

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String MACHINE =
            "arn:aws:states:us-east-1:000000000000:stateMachine:order-workflow";

    private final OrderApiClient api;
    private final JdbcClient jdbc;
    private final RecordingWorkflowClient workflows;
    private final FulfilmentRequestListener listener;
    private final OrderProgressListener progress;
    private final WorkflowFailureListener failures;
    private final Orders orders;
    private final WorkflowFailureService reports;
    private final SqsMessageHandler deliveries;

    @Autowired
    WorkflowTest(
            @LocalServerPort int port,
            JdbcClient jdbc,
            RecordingWorkflowClient workflows,
            FulfilmentRequestListener listener,
            OrderProgressListener progress,
            WorkflowFailureListener failures,
            Orders orders,
            WorkflowFailureService reports,
            SqsMessageHandler deliveries) {
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
        this.workflows = workflows;
        this.listener = listener;
        this.progress = progress;
        this.failures = failures;
        this.orders = orders;
        this.reports = reports;
        this.deliveries = deliveries;
    }

    @AfterEach
    void resetWorkflowClient() {
        workflows.answer = workflows::work;
    }

    // Starting

    @Test
    void aNewOrderStartsAWorkflowWhoseInputContainsNoPersonalData() {
        var order = placed("24.95");
        SqsFixture.send("fulfilment-requests", envelope(created(order, TRACE)));
        await().until(() -> workflows.of(order).size() == 1);
        var input =
                JsonMapper.shared()
                        .readTree(
                                JsonMapper.shared()
                                        .writeValueAsString(workflows.of(order).getFirst()));
        assertThat(input.propertyNames())
                .containsExactlyInAnyOrder(
                        "orderId",
                        "orderVersion",
                        "customerRef",
                        "lines",
                        "total",
                        "paymentMethodId",
                        "traceparent");
        assertThat(input.path("orderId").asString()).isEqualTo(order.toString());
        assertThat(input.path("orderVersion").asInt()).isEqualTo(1);
        assertThat(input.path("customerRef").asString()).isEqualTo(api.customer());
        assertThat(input.at("/lines/0/quantity").asInt()).isEqualTo(1);
        assertThat(input.at("/total/amount").isString()).isTrue();
        assertThat(input.at("/total/amount").asString()).isEqualTo("24.95");
        assertThat(input.at("/total/currency").asString()).isEqualTo("EUR");
        assertThat(input.path("paymentMethodId").asString()).isEqualTo("pm_card_visa");
        assertThat(input.path("traceparent").asString()).isEqualTo(TRACE);
        assertThat(input.toString()).doesNotContain("ada@example.org").doesNotContain("Lovelace");
    }

    @Test
    void aRepeatedEventStartsNoSecondWorkflow() {
        var order = placed("24.95");
        var event = envelope(created(order, TRACE));
        assertThat(listener.handle(delivery(event))).isEqualTo(HandlingResult.ACKNOWLEDGE);
        assertThat(listener.handle(delivery(event))).isEqualTo(HandlingResult.ACKNOWLEDGE);
        assertThat(workflows.of(order)).hasSize(1);
    }

    @Test
    void noWorkflowIsStartedForAFinalOrder() {
        var order = placed("24.95");
        jdbc.sql("UPDATE orders SET state = 'CANCELLED' WHERE id = :id")
                .param("id", order)
                .update();
        assertThat(listener.handle(delivery(envelope(created(order, TRACE)))))
                .isEqualTo(HandlingResult.ACKNOWLEDGE);
        assertThat(workflows.of(order)).isEmpty();
    }

    @Test
    void aCancelRequestedOrderGetsTheWorkflowThatCancelsIt() {
        var order = placed("24.95");
        assertThat(api.cancel(order.toString()).statusCode()).isEqualTo(202);
        assertThat(listener.handle(delivery(envelope(created(order, TRACE)))))
                .isEqualTo(HandlingResult.ACKNOWLEDGE);
        assertThat(workflows.of(order)).hasSize(1);
    }

    @Test
    void anEventWithoutATraceParentGetsTheSameOneEachTime() {
        var order = placed("24.95");
        var event = envelope(created(order, TRACE)).replace("\"" + TRACE + "\"", "null");
        assertThat(listener.handle(delivery(event))).isEqualTo(HandlingResult.ACKNOWLEDGE);
        assertThat(workflows.of(order).getFirst().traceparent())
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
                .contains(order.toString().replace("-", ""));
    }

    @Test
    void whileStepFunctionsIsUnavailableOrdersWaitWithoutUsingUpReceives() {
        var order = placed("24.95");
        workflows.answer =
                _ -> new WorkflowClient.StartWorkflowResult.StartUnavailable("ThrottlingException");
        assertThat(listener.handle(delivery(envelope(created(order, TRACE)))))
                .isEqualTo(
                        new HandlingResult.DependencyUnavailable(
                                "Step Functions", "ThrottlingException"));
    }

    @Test
    void aMessageThatCannotStartAWorkflowIsRejected() {
        assertThat(listener.handle(delivery(envelope(created(UUID.randomUUID(), TRACE)))))
                .isEqualTo(new HandlingResult.Reject("there is no such order"));
        assertThat(listener.handle(delivery(envelope(confirmed(UUID.randomUUID())))))
                .isEqualTo(new HandlingResult.Reject("OrderConfirmed does not start a workflow"));
        assertThat(listener.handle(delivery("{"))).isInstanceOf(HandlingResult.Reject.class);
        workflows.answer =
                _ ->
                        new WorkflowClient.StartWorkflowResult.InputRefused(
                                "InvalidExecutionInputException");
        assertThat(listener.handle(delivery(envelope(created(placed("1.00"), TRACE)))))
                .isInstanceOf(HandlingResult.Reject.class);
    }

    // Progress

    @Test
    void aReportMovesItsOrder() {
        var order = placed("24.95");
        SqsFixture.send("order-progress", envelope(confirmed(order)));
        await().until(() -> state(order).equals("CONFIRMED"));
    }

    @Test
    void anUnreadableReportGoesToTheDeadLetterQueueWithAReason() {
        SqsFixture.send(
                "order-progress",
                envelope(confirmed(UUID.randomUUID())).replace("OrderConfirmed", "OrderEaten"));
        await().until(() -> SqsFixture.depth("order-progress-dlq") == 1);
        var dead = SqsFixture.receiveAndDelete("order-progress-dlq").getFirst();
        assertThat(dead.messageAttributes().get("reason").stringValue())
                .isEqualTo("unknown message type OrderEaten");
        assertThat(progress.handle(delivery(envelope(confirmed(UUID.randomUUID())))))
                .isEqualTo(new HandlingResult.Reject("there is no such order"));
    }

    // Failures

    @Test
    void aFailedWorkflowOpensAWorkItem() {
        var order = failed("24.95");
        SqsFixture.send("workflow-failures", ended(order.toString(), "FAILED", MACHINE));
        await().until(() -> needsAttention(order));
        assertThat(attention(order)).isEqualTo("workflow FAILED: States.TaskFailed");
        // Delivered twice, it opens one work item.
        var body = ended(order.toString(), "FAILED", MACHINE);
        assertThat(failures.handle(delivery(body))).isEqualTo(HandlingResult.ACKNOWLEDGE);
        var flags =
                jdbc.sql(
                                """
                                SELECT count(*) FROM order_timeline
                                WHERE order_id = :id AND effect = 'FLAGGED'
                                """)
                        .param("id", order)
                        .query(Integer.class)
                        .single();
        assertThat(flags).isOne();
    }

    /// The service starts executions by an alias; the events of executions have the unqualified
    /// ARN.
    @Test
    void aFailureIsReportedWhateverAliasStartedTheWorkflow() {
        var order = placed("24.95");
        var live = new WorkflowProperties(MACHINE + ":live", Duration.ofSeconds(5));
        var listener = new WorkflowFailureListener(orders, reports, deliveries, live);
        assertThat(listener.handle(delivery(ended(order.toString(), "FAILED", MACHINE))))
                .isEqualTo(HandlingResult.ACKNOWLEDGE);
        assertThat(needsAttention(order)).isTrue();
    }

    @Test
    void anEventOfAnotherKindIsRejectedAndTheReasonQuotesNothing() {
        var order = placed("24.95").toString();
        var ok = ended(order, "FAILED", MACHINE);
        for (var body :
                List.of(
                        "",
                        "[]",
                        "\"secret\"",
                        "{\"source\":\"aws.states\"}",
                        ok.replace("aws.states", "secret"),
                        ok.replace("Execution Status", "secret"),
                        ok.replace("\"FAILED\"", "\"secret\""),
                        ok.replace("\"FAILED\"", "17"),
                        ok.replace(order, "secret"),
                        ok.replace(order, UUID.randomUUID().toString()),
                        ok.replace("order-workflow", "secret"),
                        ok.substring(0, ok.length() / 2))) {
            assertThat(failures.handle(delivery(body)))
                    .as(body)
                    .isInstanceOfSatisfying(
                            HandlingResult.Reject.class,
                            rejected -> assertThat(rejected.reason()).doesNotContain("secret"));
        }
    }

    @Test
    void thePaymentGatewaysErrorCodeIsInTheReason() {
        var order = placed("24.95");
        workflows.lastStates.put(order, "CapturePayment");
        workflows.failures.put(
                order,
                ExecutionFailure.of(
                        "States.Http.StatusCode.424",
                        "{\"title\":\"Gateway refused\",\"gatewayCode\":\"charge_expired_for_capture\"}"));
        var body = ended(order.toString(), "FAILED", MACHINE);
        assertThat(failures.handle(delivery(body))).isEqualTo(HandlingResult.ACKNOWLEDGE);
        assertThat(attention(order))
                .isEqualTo(
                        "workflow FAILED in CapturePayment: States.Http.StatusCode.424, gateway:"
                                + " charge_expired_for_capture");
    }

    @ParameterizedTest
    @CsvSource({
        "TIMED_OUT, workflow TIMED_OUT: States.TaskFailed",
        "ABORTED, workflow ABORTED: States.TaskFailed"
    })
    void everyFailureStatusIsReported(String status, String attention) {
        var order = failed("24.95");
        assertThat(failures.handle(delivery(ended(order.toString(), status, MACHINE))))
                .isEqualTo(HandlingResult.ACKNOWLEDGE);
        assertThat(attention(order)).isEqualTo(attention);
    }

    @Test
    void aFinalStateResolvesAFailedWorkflowButNotAFailedCompensation() {
        var failed = failed("24.95");
        var halfUndone = failed("24.95");
        workflows.lastStates.put(failed, "AuthorizePayment");
        workflows.lastStates.put(halfUndone, "VoidPayment");
        for (var order : List.of(failed, halfUndone)) {
            assertThat(failures.handle(delivery(ended(order.toString(), "FAILED", MACHINE))))
                    .isEqualTo(HandlingResult.ACKNOWLEDGE);
        }
        assertThat(attention(failed))
                .isEqualTo("workflow FAILED in AuthorizePayment: States.TaskFailed");
        assertThat(attention(halfUndone))
                .isEqualTo("workflow FAILED in VoidPayment: States.TaskFailed");

        for (var order : List.of(failed, halfUndone)) {
            assertThat(progress.handle(delivery(envelope(rejected(order)))))
                    .isEqualTo(HandlingResult.ACKNOWLEDGE);
            assertThat(state(order)).isEqualTo("REJECTED");
        }

        assertThat(needsAttention(failed)).isFalse();
        assertThat(needsAttention(halfUndone)).isTrue();
    }

    @Test
    void anInvalidErrorNameIsOmitted() {
        var order = placed("24.95");
        workflows.failures.put(order, ExecutionFailure.of("<b>ada@example.org</b>", "anything"));
        var body = ended(order.toString(), "FAILED", MACHINE);
        assertThat(failures.handle(delivery(body))).isEqualTo(HandlingResult.ACKNOWLEDGE);
        assertThat(attention(order)).isEqualTo("workflow FAILED");
    }

    /// An order whose workflow failed.
    private UUID failed(String price) {
        var order = placed(price);
        workflows.failures.put(order, ExecutionFailure.of("States.TaskFailed", "anything"));
        return order;
    }

    private UUID placed(String price) {
        return UUID.fromString(api.placeAccepted(api.createArticle(price, "EUR")));
    }

    private String state(UUID order) {
        return OrderApiClient.json(api.get("/orders/" + order)).path("state").asString();
    }

    private boolean needsAttention(UUID order) {
        return OrderApiClient.json(api.get("/orders/" + order)).path("needsAttention").asBoolean();
    }

    private String attention(UUID order) {
        return OrderApiClient.json(api.sendInternal("GET", "/internal/orders/" + order, ""))
                .path("workItemReason")
                .asString();
    }

    private static ReceivedMessage delivery(String body) {
        return new ReceivedMessage(body, "message-1", 1, Instant.now(), "http://localhost/1/queue");
    }

    private OrderCreated created(UUID order, String trace) {
        return new OrderCreated(
                OrderEvent.idOf(order, OrderCreated.class),
                1,
                Instant.now(),
                order,
                1,
                api.customer(),
                List.of(new EventLine("MUG-BLUE", 1)),
                new Total(new BigDecimal("24.95"), "EUR"),
                trace);
    }

    private OrderConfirmed confirmed(UUID order) {
        return new OrderConfirmed(
                OrderEvent.idOf(order, OrderConfirmed.class),
                1,
                Instant.now(),
                order,
                2,
                api.customer(),
                new Total(new BigDecimal("24.95"), "EUR"),
                TRACE);
    }

    private OrderRejected rejected(UUID order) {
        return new OrderRejected(
                OrderEvent.idOf(order, OrderRejected.class),
                1,
                Instant.now(),
                order,
                3,
                api.customer(),
                OrderRejected.OrderRejectionReason.PAYMENT_UNAVAILABLE,
                new Total(new BigDecimal("24.95"), "EUR"),
                TRACE);
    }

    private static String envelope(OrderEvent event) {
        return """
               {"version":"0","id":"%s","detail-type":"%s","source":"test","account":"1",
                "time":"2026-11-02T09:15:30Z","region":"us-east-1","resources":[],"detail":%s}"""
                .formatted(UUID.randomUUID(), event.type(), MessageCodec.write(event));
    }

    /// The event of a state machine that is encrypted with a customer managed key: it has no input,
    /// output, error and cause.
    private static String ended(String name, String status, String machine) {
        return """
               {"version":"0","id":"%s","detail-type":"Step Functions Execution Status Change",
                "source":"aws.states","account":"000000000000","time":"2026-11-02T09:15:30Z",
                "region":"us-east-1","resources":["arn:aws:states:us-east-1:000000000000:execution:x:y"],
                "detail":{"executionArn":"arn:aws:states:us-east-1:000000000000:execution:x:y",
                 "stateMachineArn":"%s","name":"%s","status":"%s","startDate":1,"stopDate":2,
                 "inputDetails":{"included":false},"outputDetails":null}}"""
                .formatted(UUID.randomUUID(), machine, name, status);
    }
}
