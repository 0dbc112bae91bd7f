package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.ANALYTICS;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.all;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.orderShipped;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadShipmentRequest;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.receive;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.request;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.shipmentRequest;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.redrive.ItemResult;
import dev.orderflow.operations.redrive.RedrivenItem;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Plans of redrives, and their results compared with them.
@OperationsConsoleFixture
class DeadLetterGradeTest {

    private static final String REDRIVE = "/dead-letters/" + SHIPPING + "/redrive";

    private final DeadLetterFixture deadLetters;
    private final JdbcClient jdbc;
    private final DeadLetterScanner scanner;
    private final DeadLetterIndex index;
    private final DeadLetterProperties properties;
    private final DeadLetterResults results;

    @Autowired
    DeadLetterGradeTest(
            @LocalServerPort int port,
            JdbcClient jdbc,
            DeadLetterScanner scanner,
            DeadLetterIndex index,
            DeadLetterProperties properties,
            DeadLetterResults results) {
        this.deadLetters = new DeadLetterFixture(port, jdbc);
        this.jdbc = jdbc;
        this.scanner = scanner;
        this.index = index;
        this.properties = properties;
        this.results = results;
    }

    @Test
    void aPlanIsStoredAndRunAndItsResultIsComparedWithIt() {
        putDeadShipmentRequest();
        putDeadShipmentRequest();
        // Its order needs it no more.
        putDeadLetter(SHIPPING, shipmentRequest(ServiceStubs.putOrder("SHIPPED").id), Map.of());
        var planned = deadLetters.api.post(200, REDRIVE, with(all(), "dryRun", true));
        var planId = planned.path("planId").stringValue();
        var stored = deadLetters.api.get("/redrives/plans/" + planId + "?examples=1");
        assertThat(stored.path("plannedActions").path("REDRIVEN").intValue()).isEqualTo(2);
        assertThat(stored.path("plannedActions").path("SKIPPED").intValue()).isEqualTo(1);
        assertThat(stored.path("examples").size()).isEqualTo(1);
        assertThat(stored.path("redriveIds").isEmpty()).isTrue();

        // Came after the plan.
        putDeadShipmentRequest();
        var ended = deadLetters.redrive(SHIPPING, with(request(), "planId", planId));
        assertThat(ended.path("planId").stringValue()).isEqualTo(planId);
        assertThat(ended.path("done").intValue()).isEqualTo(3);
        var id = ended.path("redriveId").stringValue();
        var waiting = grade(id);
        assertThat(waiting.path("planned").intValue()).isEqualTo(3);
        assertThat(waiting.path("asPredicted").intValue()).isEqualTo(1);
        assertThat(waiting.path("open").intValue()).isEqualTo(2);
        assertThat(waiting.path("notPlanned").intValue()).isEqualTo(1);

        receive(SHIPPING)
                .forEach(
                        message ->
                                ServiceStubs.recordHandled(
                                        orderOf(message.body()), "shipments", message.messageId()));
        var graded = awaitGrade(id, grade -> grade.path("open").intValue() == 0);
        assertThat(graded.path("asPredicted").intValue()).isEqualTo(3);
        assertThat(graded.path("different").intValue()).isZero();
        assertThat(deadLetters.api.get("/redrives/plans/" + planId).path("redriveIds").get(0))
                .isEqualTo(ended.path("redriveId"));
    }

    /// The consumer rejects one; SQS moves the other, which keeps its id, after five receives.
    @Test
    void aMessageThatCameBackIsDifferentFromThePrediction() {
        var order = putDeadShipmentRequest();
        var plan = deadLetters.api.post(200, REDRIVE, with(all(), "dryRun", true));
        var ended =
                deadLetters.redrive(
                        SHIPPING, with(request(), "planId", plan.path("planId").stringValue()));
        var sent = await().until(() -> receive(SHIPPING), it -> !it.isEmpty()).getFirst();
        putDeadLetter(
                SHIPPING,
                shipmentRequest(order),
                Map.of(
                        "reason", "x",
                        "fingerprint", "aaaa",
                        "source-message-id", sent.messageId()));
        scanner.scanAll();
        var graded =
                awaitGrade(
                        ended.path("redriveId").stringValue(),
                        grade -> grade.path("different").intValue() == 1);
        var group = graded.path("groups").get(0);
        assertThat(group.path("predicted").stringValue()).isEqualTo("REDRIVEN");
        assertThat(group.path("result").stringValue()).isEqualTo("CAME_BACK");
        assertThat(group.path("asPredicted").booleanValue()).isFalse();
        assertThat(group.path("ids").size()).isEqualTo(1);
    }

    @Test
    void aPlannedMessageThatVanishedWasNotRun() {
        putDeadShipmentRequest();
        var plan = deadLetters.api.post(200, REDRIVE, with(all(), "dryRun", true));
        deadLetters.redrive(SHIPPING, all());
        var ended =
                deadLetters.redrive(
                        SHIPPING, with(request(), "planId", plan.path("planId").stringValue()));
        var group = grade(ended.path("redriveId").stringValue()).path("groups").get(0);
        assertThat(group.path("result").stringValue()).isEqualTo("NOT_RUN");
    }

    @Test
    void aPlanIsRunOnlyAsItWasPlanned() {
        putDeadShipmentRequest();
        var plan = deadLetters.api.post(200, REDRIVE, with(all(), "dryRun", true));
        var run = with(request(), "planId", plan.path("planId").stringValue());
        deadLetters.api.post(400, "/dead-letters/" + SHIPPING + "/discard", run);
        deadLetters.api.post(400, "/dead-letters/" + ANALYTICS + "/redrive", run);
        deadLetters.api.post(400, "/workflows/redrive", run);
        deadLetters.api.post(400, REDRIVE, with(run, "all", true));
        deadLetters.api.post(400, REDRIVE, with(run, "force", true));
        deadLetters.api.post(400, REDRIVE, with(run, "dryRun", true));
        deadLetters.api.post(400, REDRIVE, with(run, "planId", UUID.randomUUID()));
        assertThat(
                        deadLetters
                                .api
                                .send("GET", "/redrives/plans/" + UUID.randomUUID(), "")
                                .statusCode())
                .isEqualTo(404);
        assertThat(deadLetters.api.send("GET", "/redrives/plans/x", "").statusCode())
                .isEqualTo(400);
    }

    /// Its dead-letter queue must have been read since: before, it may be back unseen.
    @Test
    void aMessageWhoseConsumerCannotTellIsProcessedWhenAScanDoesNotFindItBackInTime() {
        var order = ServiceStubs.putOrder("SHIPPED").id;
        var old = item(ANALYTICS, order, ago(properties.canaryTimeout().plusSeconds(1)));
        forgetScans();
        assertThat(results.find(old)).isEqualTo(ItemResult.WAITING);
        scanner.scanAll();
        assertThat(results.find(old)).isEqualTo(ItemResult.NOT_BACK);
        var young = item(ANALYTICS, order, ago(properties.canaryTimeout().minusSeconds(10)));
        assertThat(results.find(young)).isEqualTo(ItemResult.WAITING);
    }

    @Test
    void aScanThatBeganTooEarlyDoesNotShowThatAMessageIsNotBack() {
        var queue = ANALYTICS + "-dlq";
        var owner = UUID.randomUUID();
        var lease = index.acquireLease(queue, owner, Duration.ofMinutes(1)).orElseThrow();
        var item =
                item(
                        ANALYTICS,
                        ServiceStubs.putOrder("SHIPPED").id,
                        lease.startedAt().minus(properties.canaryTimeout()));
        index.endScan(
                queue,
                owner,
                lease.startedAt(),
                new DeadLetterIndex.ScanEnd(true, 0, Optional.empty()),
                Duration.ZERO);
        assertThat(results.find(item)).isEqualTo(ItemResult.WAITING);
        scanner.scanAll();
        assertThat(results.find(item)).isEqualTo(ItemResult.NOT_BACK);
    }

    @Test
    void aMessageThatItsConsumerHasNotHandledForLongWasNotProcessed() {
        var order = ServiceStubs.putOrder("CONFIRMED").id;
        var old = item(SHIPPING, order, ago(Duration.ofMinutes(61)));
        forgetScans();
        assertThat(results.find(old)).isEqualTo(ItemResult.WAITING);
        scanner.scanAll();
        assertThat(results.find(old)).isEqualTo(ItemResult.NOT_PROCESSED);
        assertThat(results.find(item(SHIPPING, order, ago(Duration.ofMinutes(50)))))
                .isEqualTo(ItemResult.WAITING);
        ServiceStubs.setUnavailable("/internal/shipments");
        assertThat(results.find(old)).isEqualTo(ItemResult.WAITING);
    }

    @Test
    void theDeadLetterOfEarlierRedrivesIsNotTheOneThatWasSent() {
        putDeadLetter(ANALYTICS, orderShipped(UUID.randomUUID()), Map.of());
        scanner.scanAll();
        assertThat(index.isBack("another")).isFalse();
    }

    private void forgetScans() {
        jdbc.sql("UPDATE dead_letter_scan SET complete_at = NULL").update();
    }

    private static Instant ago(Duration age) {
        return Instant.now().minus(age);
    }

    private static RedrivenItem item(String queue, UUID order, Instant redrivenAt) {
        return new RedrivenItem(
                UUID.randomUUID(),
                queue + "-dlq",
                "dead",
                Optional.of(order),
                "sent",
                queue,
                "OrderShipped",
                redrivenAt);
    }

    private static UUID orderOf(String body) {
        return UUID.fromString(JsonMapper.shared().readTree(body).path("orderId").asString());
    }

    private JsonNode grade(String redriveId) {
        return deadLetters.api.get("/redrives/" + redriveId).path("grade");
    }

    private JsonNode awaitGrade(String redriveId, Predicate<JsonNode> condition) {
        return await().until(() -> grade(redriveId), condition);
    }
}
