package dev.orderflow.order.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.ApproveOrder;
import dev.orderflow.contracts.ArrangeShipment;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.Total;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import dev.orderflow.order.approval.TaskTokenClient.TaskCompletionResult;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

@RunningOrderService
class ApprovalTest {

    private static final Instant ASKED = Instant.parse("2026-11-02T09:15:30Z");

    private final OrderApiClient api;
    private final JdbcClient jdbc;
    private final RecordingTaskTokenClient task;
    private final Approvals approvals;
    private final ApprovalRequestListener listener;
    private final TransactionTemplate transactions;

    @Autowired
    ApprovalTest(
            @LocalServerPort int port,
            JdbcClient jdbc,
            RecordingTaskTokenClient task,
            Approvals approvals,
            ApprovalRequestListener listener,
            TransactionTemplate transactions) {
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
        this.task = task;
        this.approvals = approvals;
        this.listener = listener;
        this.transactions = transactions;
    }

    @Test
    void aPendingApprovalIsListedAndItsDecisionSentToTheWorkflow() {
        var order = placed();
        var token = "token-" + order;
        SqsFixture.send("approval-requests", requestBody(order, token));
        await().until(() -> isListed(order));
        var listed = listed(order);
        assertThat(listed.at("/total/amount").asString()).isEqualTo("4999.00");
        assertThat(listed.path("requestedAt").asString()).isNotBlank();
        assertThat(listed.toString()).doesNotContain(token);

        var answer = decide(order, "APPROVE", "grace", "Known customer.\nGo.");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(OrderApiClient.json(answer).path("decidedBy").asString()).isEqualTo("grace");
        await().until(() -> history(order).contains("COMPLETED"));
        assertThat(task.decisionsFor(token)).containsExactly(ApprovalDecision.APPROVE);
        assertThat(history(order)).containsExactly("REQUESTED", "DECIDED", "COMPLETED");
        var record =
                OrderApiClient.json(api.sendInternal("GET", "/internal/approvals/" + order, ""));
        assertThat(record.at("/history/1/decidedBy").asString()).isEqualTo("grace");
        assertThat(record.at("/history/1/decidedByName").asString()).isEqualTo("Grace");
        assertThat(record.at("/history/1/note").asString()).isEqualTo("Known customer.\nGo.");
        assertThat(record.path("completedAt").asString()).isNotBlank();
        assertThat(record.toString()).doesNotContain(token);
        assertThat(isListed(order)).isFalse();
    }

    @Test
    void aNameInTheBodyIsRefusedAndNamed() {
        var order = createPending("forged");
        for (var field : List.of("by", "decidedBy", "operator")) {
            var answer =
                    api.sendInternal(
                            "POST",
                            "/internal/approvals/" + order + "/decision",
                            "{\"decision\":\"APPROVE\",\"%s\":\"mallory\"}".formatted(field));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("`%s` is not a known field".formatted(field));
        }
        assertThat(history(order)).containsExactly("REQUESTED");
    }

    @Test
    void aDecisionThatCannotBeSentDelaysNoOther() {
        var orders = Stream.generate(() -> createPending("batch")).limit(3).toList();
        var failing = "batch-" + orders.getFirst();
        task.receptions.put(
                failing,
                () -> {
                    throw new IllegalStateException("the address of Ada");
                });
        // In one transaction, so that all three are due together, the failing one first.
        transactions.executeWithoutResult(
                _ -> {
                    for (var order : orders) {
                        approvals.decide(order, ApprovalDecision.APPROVE, "grace", null, null);
                    }
                    jdbc.sql(
                                    "UPDATE approval SET decided_at = now() - interval '1 min' WHERE order_id = :id")
                            .param("id", orders.getFirst())
                            .update();
                });
        for (var order : orders.subList(1, 3)) {
            await().until(() -> history(order).contains("COMPLETED"));
            assertThat(task.decisionsFor("batch-" + order))
                    .containsExactly(ApprovalDecision.APPROVE);
        }
        assertThat(history(orders.getFirst())).containsExactly("REQUESTED", "DECIDED");
    }

    @Test
    void theFirstDecisionCounts() {
        var order = createPending("t");
        assertThat(decide(order, "REJECT", "grace", null).statusCode()).isEqualTo(200);
        var repeated = decide(order, "REJECT", "grace", null);
        assertThat(repeated.statusCode()).isEqualTo(200);
        assertThat(OrderApiClient.json(repeated).path("decidedBy").asString()).isEqualTo("grace");
        for (var decision : List.of("APPROVE", "REJECT")) {
            var second = decide(order, decision, "ada", null);
            assertThat(second.statusCode()).isEqualTo(409);
            assertThat(OrderApiClient.problemType(second)).isEqualTo("approval-already-decided");
            assertThat(OrderApiClient.json(second).path("decision").asString()).isEqualTo("REJECT");
            assertThat(OrderApiClient.json(second).path("detail").asString())
                    .contains("decided REJECT first", "That decision stays.");
        }
        await().until(() -> history(order).contains("COMPLETED"));
        assertThat(task.decisionsFor("t-" + order)).containsExactly(ApprovalDecision.REJECT);
    }

    @Test
    void ofTwoConcurrentDecisionsOneIsRecorded() throws Exception {
        var order = createPending("race");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers =
                    IntStream.range(0, 8)
                            .mapToObj(
                                    i ->
                                            threads.submit(
                                                    () ->
                                                            decide(
                                                                            order,
                                                                            i % 2 == 0
                                                                                    ? "APPROVE"
                                                                                    : "REJECT",
                                                                            "p" + i,
                                                                            null)
                                                                    .statusCode()))
                            .toList();
            var codes = new int[2];
            for (var answer : answers) {
                codes[answer.get() == 200 ? 0 : 1]++;
            }
            assertThat(codes).containsExactly(1, 7);
        }
        await().until(() -> history(order).contains("COMPLETED"));
        assertThat(history(order)).containsExactly("REQUESTED", "DECIDED", "COMPLETED");
        assertThat(task.decisionsFor("race-" + order)).hasSize(1);
    }

    @Test
    void aDecisionIsSentUntilTheWorkflowAcceptsIt() {
        var order = createPending("deaf");
        var tries = new AtomicInteger();
        task.receptions.put(
                "deaf-" + order,
                () ->
                        tries.incrementAndGet() < 3
                                ? new TaskCompletionResult.TaskServiceUnreachable(
                                        "SdkClientException")
                                : new TaskCompletionResult.TaskCompleted());
        assertThat(decide(order, "APPROVE", "grace", null).statusCode()).isEqualTo(200);
        await().until(() -> history(order).contains("COMPLETED"));
        assertThat(task.decisionsFor("deaf-" + order)).hasSize(3);
    }

    @Test
    void aDecisionThatWasStoredBeforeACrashIsSent() {
        // As if the process had stopped right after the decision was stored.
        var order = createPending("orphan");
        assertThat(approvals.decide(order, ApprovalDecision.APPROVE, "grace", null, null)).isTrue();
        await().until(() -> history(order).contains("COMPLETED"));
        assertThat(task.decisionsFor("orphan-" + order)).containsExactly(ApprovalDecision.APPROVE);
    }

    @Test
    void aDecisionWithAnExpiredTokenIsSentOnce() {
        var order = createPending("gone");
        task.receptions.put(
                "gone-" + order, () -> new TaskCompletionResult.TaskTokenExpired(false));
        decide(order, "APPROVE", "grace", null);
        await().until(() -> history(order).contains("TOKEN_EXPIRED"));
        assertThat(task.decisionsFor("gone-" + order)).hasSize(1);
    }

    /// The workflow took the first attempt, but its response was lost.
    @Test
    void aTaskThatHadEndedAtTheSecondAttemptMayHaveTakenTheFirst() {
        var order = createPending("lost");
        var tries = new AtomicInteger();
        task.receptions.put(
                "lost-" + order,
                () ->
                        tries.incrementAndGet() == 1
                                ? new TaskCompletionResult.TaskServiceUnreachable(
                                        "no response in time")
                                : new TaskCompletionResult.TaskTokenExpired(false));
        decide(order, "APPROVE", "grace", null);
        await().until(() -> history(order).contains("TASK_ENDED"));
        assertThat(history(order)).containsExactly("REQUESTED", "DECIDED", "TASK_ENDED");
        assertThat(
                        OrderApiClient.json(
                                        api.sendInternal(
                                                "GET",
                                                "/internal/orders/" + order + "/history",
                                                ""))
                                .toString())
                .contains(
                        "The workflow's task had ended when the decision APPROVE was sent again,"
                                + " perhaps because it took an earlier attempt.");
    }

    @Test
    void aTaskThatHadEndedWhenTheSdkRepeatedItsRequestMayHaveTakenTheFirst() {
        var order = createPending("retried");
        task.receptions.put(
                "retried-" + order, () -> new TaskCompletionResult.TaskTokenExpired(true));
        decide(order, "APPROVE", "grace", null);
        await().until(() -> history(order).contains("TASK_ENDED"));
        assertThat(task.decisionsFor("retried-" + order)).hasSize(1);
    }

    @Test
    void aDecisionIsNotClaimedBeforeItsTurn() {
        var orders = Stream.generate(() -> createPending("turn")).limit(2).toList();
        var mayContinue = new CountDownLatch(1);
        for (var order : orders) {
            task.receptions.put(
                    "turn-" + order,
                    () -> {
                        try {
                            mayContinue.await();
                        } catch (InterruptedException interrupted) {
                            throw new IllegalStateException(interrupted);
                        }
                        return new TaskCompletionResult.TaskCompleted();
                    });
        }
        try {
            transactions.executeWithoutResult(
                    _ ->
                            orders.forEach(
                                    order ->
                                            approvals.decide(
                                                    order,
                                                    ApprovalDecision.APPROVE,
                                                    "grace",
                                                    null,
                                                    null)));
            await().until(
                            () ->
                                    orders.stream()
                                            .anyMatch(
                                                    order ->
                                                            !task.decisionsFor("turn-" + order)
                                                                    .isEmpty()));
            assertThat(
                            jdbc.sql(
                                            "SELECT attempts FROM approval WHERE order_id = ANY (:ids) ORDER BY 1")
                                    .param("ids", orders.toArray(UUID[]::new))
                                    .query(Integer.class)
                                    .list())
                    .as("the other decision may be sent by another instance")
                    .containsExactly(0, 1);
        } finally {
            mayContinue.countDown();
        }
        for (var order : orders) {
            await().until(() -> history(order).contains("COMPLETED"));
        }
    }

    @Test
    void aCancellationByTheCustomerCompletesTheApproval() {
        var order = createPending("cancel");
        assertThat(api.cancel(order.toString()).statusCode()).isEqualTo(202);
        await().until(() -> history(order).contains("COMPLETED"));
        assertThat(task.decisionsFor("cancel-" + order)).containsExactly(ApprovalDecision.CANCEL);
        var late = decide(order, "APPROVE", "grace", null);
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(OrderApiClient.problemType(late)).isEqualTo("approval-not-pending");
        assertThat(isListed(order)).isFalse();
    }

    @Test
    void anOrderCancelledBeforeTheRequestForApprovalIsCompletedAtOnce() {
        var order = placed();
        assertThat(api.cancel(order.toString()).statusCode()).isEqualTo(202);
        recordRequest(order, "early-" + order, ASKED);
        await().until(
                        () ->
                                task.decisionsFor("early-" + order)
                                        .equals(List.of(ApprovalDecision.CANCEL)));
    }

    @Test
    void aFinalOrderIsNeitherListedNorDecided() {
        var order = createPending("ended");
        jdbc.sql("UPDATE orders SET state = 'CANCELLED' WHERE id = :id")
                .param("id", order)
                .update();
        assertThat(isListed(order)).isFalse();
        assertThat(OrderApiClient.problemType(decide(order, "APPROVE", "grace", null)))
                .isEqualTo("approval-not-pending");
    }

    @Test
    void anApprovalEndsWithItsOrderAndIsNotDecidedAfterwards() {
        var order = createPending("timed-out");
        jdbc.sql(
                        "UPDATE orders SET state = 'REJECTED', rejection_reason = 'APPROVAL_TIMED_OUT' WHERE id = :id")
                .param("id", order)
                .update();
        await().until(() -> history(order).contains("ENDED_UNDECIDED"));
        assertThat(approvals.find(order).orElseThrow().completedAt()).isPresent();
        // As if the order had become final while the decision was on its way.
        assertThat(approvals.decide(order, ApprovalDecision.APPROVE, "grace", "Grace", null))
                .isFalse();
        assertThat(history(order)).containsExactly("REQUESTED", "ENDED_UNDECIDED");
        assertThat(api.sendInternal("GET", "/internal/orders/" + order + "/history", "").body())
                .contains("The approval ended without a decision, because the order is final.");

        recordRequest(order, "redriven-" + order, ASKED.plusSeconds(60));
        await().until(() -> history(order).size() == 4);
        assertThat(history(order))
                .containsExactly("REQUESTED", "ENDED_UNDECIDED", "REQUESTED", "ENDED_UNDECIDED");
        assertThat(task.decisionsFor("redriven-" + order)).isEmpty();
    }

    @Test
    void theLatestRequestIsUsedInAnyOrderOfArrival() {
        var order = placed();
        recordRequest(order, "second-" + order, ASKED.plusSeconds(60));
        recordRequest(order, "first-" + order, ASKED);
        decide(order, "APPROVE", "grace", null);
        await().until(() -> history(order).contains("COMPLETED"));
        assertThat(task.decisionsFor("second-" + order)).containsExactly(ApprovalDecision.APPROVE);
        assertThat(task.decisionsFor("first-" + order)).isEmpty();
    }

    /// A redriven message is sent anew, so an old request looks like the latest one.
    @Test
    void aRedrivenOldRequestDoesNotDisplaceTheTokenThatIsWaitedFor() {
        var order = createPending("old");
        recordRequest(order, "awaited-" + order, ASKED.plusSeconds(60));
        recordRequest(order, "old-" + order, ASKED.plusSeconds(3600));
        task.receptions.put("old-" + order, () -> new TaskCompletionResult.TaskTokenExpired(false));
        decide(order, "APPROVE", "grace", null);
        await().until(() -> history(order).contains("COMPLETED"));
        assertThat(task.decisionsFor("old-" + order)).hasSize(1);
        assertThat(task.decisionsFor("awaited-" + order)).containsExactly(ApprovalDecision.APPROVE);
    }

    /// The request with the awaited token was sent before an old one was redriven, and comes later.
    @Test
    void aRequestThatARedrivenOneOvertookIsNotLost() {
        var order = placed();
        recordRequest(order, "old-" + order, ASKED.plusSeconds(3600));
        for (int delivery = 1; delivery <= 2; delivery++) {
            recordRequest(order, "awaited-" + order, ASKED.plusSeconds(60));
        }
        task.receptions.put("old-" + order, () -> new TaskCompletionResult.TaskTokenExpired(false));
        decide(order, "REJECT", "grace", null);
        await().until(() -> history(order).contains("COMPLETED"));
        assertThat(task.decisionsFor("awaited-" + order)).containsExactly(ApprovalDecision.REJECT);
    }

    @Test
    void aDecisionForWhichNoTokenIsWaitedForIsSentOnceWithEach() {
        var order = createPending("none");
        recordRequest(order, "nor-" + order, ASKED.plusSeconds(60));
        for (var token : List.of("none-", "nor-")) {
            task.receptions.put(
                    token + order, () -> new TaskCompletionResult.TaskTokenExpired(false));
        }
        decide(order, "APPROVE", "grace", null);
        await().until(() -> history(order).contains("TOKEN_EXPIRED"));
        for (var token : List.of("none-", "nor-")) {
            assertThat(task.decisionsFor(token + order)).hasSize(1);
        }
        assertThat(history(order))
                .containsExactly("REQUESTED", "REQUESTED", "DECIDED", "TOKEN_EXPIRED");
    }

    @Test
    void aRedrivenWorkflowGetsTheRecordedDecision() {
        var order = createPending("once");
        decide(order, "REJECT", "grace", null);
        await().until(() -> history(order).contains("COMPLETED"));
        recordRequest(order, "once-" + order, ASKED);
        recordRequest(order, "again-" + order, ASKED.plusSeconds(60));
        await().until(
                        () ->
                                task.decisionsFor("again-" + order)
                                        .equals(List.of(ApprovalDecision.REJECT)));
        await().until(() -> history(order).size() == 5);
        assertThat(history(order))
                .containsExactly("REQUESTED", "DECIDED", "COMPLETED", "REQUESTED", "COMPLETED");
        assertThat(task.decisionsFor("once-" + order)).hasSize(1);
    }

    @Test
    void anInvalidApprovalRequestIsRejected() {
        var order = placed();
        assertThat(handle(requestBody(UUID.randomUUID(), "t"), ASKED))
                .isEqualTo(new HandlingResult.Reject("there is no such order"));
        assertThat(handle(requestBodyWithToken(order, " "), ASKED))
                .isInstanceOf(HandlingResult.Reject.class);
        assertThat(handle(requestBodyWithToken(order, "x".repeat(2049)), ASKED))
                .isInstanceOf(HandlingResult.Reject.class);
        assertThat(handle(requestBody(order, "t").replace("4999.00", "4999.001"), ASKED))
                .isInstanceOf(HandlingResult.Reject.class);
        assertThat(
                        handle(
                                MessageCodec.write(
                                        new ArrangeShipment(
                                                "ArrangeShipment", 1, order, "t", "trace")),
                                ASKED))
                .isEqualTo(new HandlingResult.Reject("ArrangeShipment is not for approval"));
        assertThat(handle("[1]", ASKED)).isInstanceOf(HandlingResult.Reject.class);
        assertThat(approvals.find(order)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"decision\":\"CANCEL\"}",
                "{\"decision\":\"APPROVE\",\"operator\":\"g\"}",
                "{\"decision\":\"APPROVE\",\"by\":\"g\"}",
                "{\"decision\":\"APPROVE\",\"decidedBy\":\"g\"}",
                "{\"decision\":\"APPROVE\",\"note\":\"\\u0000\"}",
                "{\"decision\":\"APPROVE\",\"note\":\"\\ud800\"}",
                "{\"decision\":\"APPROVE\",\"who\":\"x\"}",
                "{\"decision\":0}"
            })
    void aMalformedDecisionIsRefusedAndChangesNothing(String body) {
        var order = createPending("bad" + Integer.toHexString(body.hashCode()));
        var answer = api.sendInternal("POST", "/internal/approvals/" + order + "/decision", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        OrderApiClient.problemType(answer);
        assertThat(history(order)).containsExactly("REQUESTED");
    }

    @Test
    void aDecisionWithoutARequestedApprovalIsNotFound() {
        assertThat(OrderApiClient.problemType(decide(placed(), "APPROVE", "grace", null)))
                .isEqualTo("approval-not-found");
        assertThat(
                        api.sendInternal("POST", "/internal/approvals/no-uuid/decision", "{}")
                                .statusCode())
                .isEqualTo(400);
        assertThat(api.get("/internal/approvals").statusCode()).isEqualTo(401);
    }

    @Test
    void aDecisionIsClaimedByOneSenderAtATime() {
        var order = placed();
        // Claimed by the test; the claim outlasts the next poll of the service.
        approvals.recordRequest(
                order,
                new Money(new BigDecimal("1.00"), Currency.getInstance("EUR")),
                "lease-" + order,
                ASKED);
        approvals.decide(order, ApprovalDecision.APPROVE, "grace", null, null);
        var claimed =
                Stream.generate(() -> approvals.claimUnsentDecision(Duration.ofMinutes(1)))
                        .takeWhile(Optional::isPresent)
                        .map(decision -> decision.orElseThrow().orderId())
                        .toList();
        assertThat(claimed).doesNotHaveDuplicates();
        // The service was first, if it is not there.
        assertThat(attempts(order)).isEqualTo(1);
    }

    private int attempts(UUID order) {
        return jdbc.sql("SELECT attempts FROM approval WHERE order_id = :id")
                .param("id", order)
                .query(Integer.class)
                .single();
    }

    private UUID placed() {
        return UUID.fromString(api.placeAccepted(api.createArticle("4999.00", "EUR")));
    }

    /// Creates an order with a requested approval.
    private UUID createPending(String token) {
        var order = placed();
        recordRequest(order, token + "-" + order, ASKED);
        return order;
    }

    private void recordRequest(UUID order, String token, Instant at) {
        assertThat(handle(requestBody(order, token), at)).isEqualTo(HandlingResult.ACKNOWLEDGE);
    }

    private HandlingResult handle(String body, Instant sentAt) {
        return listener.handle(
                new ReceivedMessage(
                        body, "message-1", 1, sentAt, "http://localhost/1/approval-requests"));
    }

    /// The token need not be valid.
    private static String requestBodyWithToken(UUID order, String token) {
        return requestBody(order, "a-token").replace("a-token", token);
    }

    private static String requestBody(UUID order, String token) {
        return MessageCodec.write(
                new ApproveOrder(
                        "ApproveOrder",
                        1,
                        order,
                        new Total(new BigDecimal("4999.00"), "EUR"),
                        token,
                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    }

    private HttpResponse<String> decide(
            UUID order, String decision, String by, @Nullable String note) {
        var body =
                note == null
                        ? "{\"decision\":\"%s\"}".formatted(decision)
                        : "{\"decision\":\"%s\",\"note\":\"%s\"}"
                                .formatted(decision, note.replace("\n", "\\n"));
        return api.sendAs(by, "POST", "/internal/approvals/" + order + "/decision", body);
    }

    private List<String> history(UUID order) {
        return approvals.history(order).stream().map(Approvals.ApprovalAuditEntry::action).toList();
    }

    private boolean isListed(UUID order) {
        return !listed(order).isMissingNode();
    }

    private JsonNode listed(UUID order) {
        var page = OrderApiClient.json(api.sendInternal("GET", "/internal/approvals", ""));
        return StreamSupport.stream(page.path("approvals").spliterator(), false)
                .filter(it -> it.path("orderId").asString().equals(order.toString()))
                .findFirst()
                .orElse(page.path("none"));
    }
}
