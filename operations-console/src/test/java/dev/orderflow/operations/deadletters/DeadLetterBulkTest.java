package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.all;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadShipmentRequest;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.request;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.shipmentRequest;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.bulkactions.BulkActionService;
import dev.orderflow.operations.redrive.PlannedAction;
import dev.orderflow.operations.redrive.RedrivePlan;
import dev.orderflow.operations.redrive.RedrivePlans;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveTask;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Redrives of many messages: chosen by a filter, paused, resumed, cancelled and continued.
@OperationsConsoleFixture
class DeadLetterBulkTest {

    private static final Map<String, Object> WHY = Map.of("reason", "the carrier is slow");

    private final DeadLetterFixture deadLetters;
    private final JdbcClient jdbc;
    private final DeadLetterScanner scanner;
    private final BulkActionService bulkActions;
    private final RedrivePlans plans;

    @Autowired
    DeadLetterBulkTest(
            @LocalServerPort int port,
            JdbcClient jdbc,
            DeadLetterScanner scanner,
            BulkActionService bulkActions,
            RedrivePlans plans) {
        this.bulkActions = bulkActions;
        this.plans = plans;
        this.scanner = scanner;
        this.deadLetters = new DeadLetterFixture(port, jdbc);
        this.jdbc = jdbc;
    }

    @Test
    void messagesAreChosenByAFilterAndTheOthersStay() {
        var order = ServiceStubs.putOrder("CONFIRMED").id;
        putDeadLetter(
                SHIPPING,
                shipmentRequest(order),
                Map.of("reason", "Carrier", "fingerprint", "aaaa"));
        putDeadLetter(
                SHIPPING, shipmentRequest(order), Map.of("reason", "other", "fingerprint", "bbbb"));
        var filter = Map.of("reason", "carr", "type", "ArrangeShipment");
        var plan =
                deadLetters.api.post(
                        200,
                        "/dead-letters/" + SHIPPING + "/redrive",
                        with(with(request(), "filter", filter), "dryRun", true));
        assertThat(plan.path("selected").intValue()).isEqualTo(1);
        var ended = deadLetters.redrive(SHIPPING, with(request(), "filter", filter));
        assertThat(ended.path("done").intValue()).isEqualTo(1);
        assertThat(ended.path("selection").stringValue())
                .isEqualTo("filter type=ArrangeShipment reason=carr");
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
        deadLetters.api.post(
                400, "/dead-letters/" + SHIPPING + "/redrive", with(request(), "filter", Map.of()));
        deadLetters.api.post(
                400, "/dead-letters/" + SHIPPING + "/redrive", with(all(), "filter", filter));
    }

    /// The views of this test read 150 messages.
    @Test
    void aPlanCountsAllOfAQueueThatIsLargerThanAViewAndARedriveFindsTheSelectedOnes() {
        var order = ServiceStubs.putOrder("CONFIRMED").id;
        for (int message = 0; message < 160; message++) {
            putDeadLetter(
                    SHIPPING,
                    shipmentRequest(order),
                    Map.of("reason", "many", "fingerprint", "aaaa"));
        }
        for (int message = 0; message < 3; message++) {
            putDeadLetter(
                    SHIPPING,
                    shipmentRequest(order),
                    Map.of("reason", "few", "fingerprint", "bbbb"));
        }
        scanner.scanAll();
        int calls = ServiceStubs.requests("/internal/orders/state-batch").size();

        var plan =
                deadLetters.api.post(
                        200,
                        "/dead-letters/" + SHIPPING + "/redrive",
                        with(with(request(), "fingerprint", "aaaa"), "dryRun", true));
        assertThat(plan.path("selected").intValue()).isEqualTo(160);
        assertThat(plan.path("complete").booleanValue()).isTrue();
        assertThat(plan.path("plannedActions").path("REDRIVEN").intValue()).isEqualTo(160);
        assertThat(ServiceStubs.requests("/internal/orders/state-batch")).hasSize(calls + 1);
        var stored = deadLetters.api.get("/redrives/plans/" + plan.path("planId").stringValue());
        assertThat(stored.path("selected").intValue()).isEqualTo(160);

        var growing =
                bulkActions.plan(
                        SHIPPING + "-dlq",
                        RedriveTask.RedriveAction.REDRIVE,
                        new RedriveSelection.AllItems(),
                        false,
                        new Operator("grace", "Grace", Set.of(OperatorRole.OPERATOR)));
        assertThat(growing.indexedAt()).isPresent();
        var grown =
                await().until(() -> plans.find(growing.id()).orElseThrow(), RedrivePlan::isReady);
        assertThat(grown.selected()).isEqualTo(163);
        assertThat(grown.counts()).containsExactly(Map.entry(PlannedAction.REDRIVEN, 163));

        var few = deadLetters.redrive(SHIPPING, with(request(), "fingerprint", "bbbb"));
        assertThat(few.path("done").intValue()).isEqualTo(3);
        assertThat(few.has("note")).isFalse();
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(3);
        await().until(() -> visible(SHIPPING + "-dlq") == 160);
        // More than a view reads, and more than one person may redrive alone.
        var many =
                deadLetters.start(
                        SHIPPING,
                        Map.of(
                                "reason",
                                "fixed",
                                "perSecond",
                                100,
                                "planId",
                                plan.path("planId").stringValue()));
        assertThat(many.has("redriveId")).isFalse();
        var ended = deadLetters.api.awaitEnd(many);
        assertThat(ended.path("done").intValue()).isEqualTo(160);
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isZero();
    }

    @Test
    void aPausedRedriveReleasesItsMessagesAndContinuesWhereItStopped() {
        for (int i = 0; i < 12; i++) {
            putDeadShipmentRequest();
        }
        var started = deadLetters.start(SHIPPING, with(all(), "perSecond", 4));
        awaitDone(started, 2);
        var paused = control(200, started, "pause");
        assertThat(paused.path("state").stringValue()).isEqualTo("PAUSED");
        // The messages that are left are visible again.
        var left = await().until(() -> visible(SHIPPING + "-dlq"), it -> it > 0);
        assertThat(deadLetters.api.post(409, "/dead-letters/" + SHIPPING + "/redrive", all()))
                .isNotNull();
        control(409, started, "pause");

        control(200, started, "resume");
        var ended = deadLetters.api.awaitEnd(started);
        assertThat(ended.path("state").stringValue()).isEqualTo("DONE");
        assertThat(ended.path("done").intValue()).isEqualTo(12);
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(12);
        assertThat(left).isLessThan(12);
        control(409, started, "resume");
        control(409, started, "cancel");
    }

    @Test
    void aCancelledRedriveKeepsWhatItHasDoneAndFreesItsQueue() {
        for (int i = 0; i < 12; i++) {
            putDeadShipmentRequest();
        }
        var started = deadLetters.start(SHIPPING, with(all(), "perSecond", 4));
        awaitDone(started, 1);
        var cancelled = control(200, started, "cancel");
        assertThat(cancelled.path("state").stringValue()).isEqualTo("CANCELLED");
        assertThat(cancelled.path("note").stringValue()).startsWith("cancelled by ");
        await().until(() -> visible(SHIPPING + "-dlq") + SqsFixture.depth(SHIPPING) == 12);
        assertThat(SqsFixture.depth(SHIPPING)).isBetween(1, 11);
        assertThat(deadLetters.redrive(SHIPPING, all()).path("state").stringValue())
                .isEqualTo("DONE");
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(12);
    }

    /// As a console that was killed leaves it: the lease runs out, and one message was processed.
    @Test
    void aRedriveContinuesAfterItsInstanceDied() {
        putDeadShipmentRequest();
        putDeadShipmentRequest();
        var processed =
                deadLetters.show(SHIPPING).path("messages").get(0).path("messageId").stringValue();
        var id = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO redrive (id, target, action, requested_by, requested_by_name, reason, selection, task,
                                             skipped, lease_expires_at)
                        VALUES (:id, 'shipping-requests-dlq', 'REDRIVE', 'grace', 'Grace', 'fixed', 'all',
                                '{"perSecond":100,"canary":false,"force":false,"selection":{"all":true}}', 1, now() - interval '1 second')
                        """)
                .param("id", id)
                .update();
        jdbc.sql(
                        "INSERT INTO redrive_item (redrive_id, item_id, result) VALUES (:id, :item, 'SKIPPED')")
                .param("id", id)
                .param("item", processed)
                .update();
        var ended =
                await().until(
                                () -> deadLetters.api.get("/redrives/" + id),
                                it -> !it.path("state").stringValue().equals("RUNNING"));
        assertThat(ended.path("state").stringValue()).isEqualTo("DONE");
        assertThat(ended.path("done").intValue()).isEqualTo(1);
        assertThat(ended.path("skipped").intValue()).isEqualTo(1);
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
    }

    /// As a console that was killed while it waited for its canary leaves it.
    @Test
    void aRedriveThatContinuesStillWaitsForTheCanaryThatItsFormerInstanceSent() {
        putDeadShipmentRequest();
        putDeadLetter(
                SHIPPING,
                shipmentRequest(UUID.randomUUID()),
                Map.of("reason", "x", "fingerprint", "aaaa", "source-message-id", "sent-before"));
        var id = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO redrive (id, target, action, requested_by, requested_by_name, reason, selection, task,
                                             done, lease_expires_at)
                        VALUES (:id, 'shipping-requests-dlq', 'REDRIVE', 'grace', 'Grace', 'fixed', 'all',
                                '{"perSecond":100,"canary":true,"force":false,"selection":{"all":true}}', 1,
                                'infinity')
                        """)
                .param("id", id)
                .update();
        jdbc.sql(
                        """
                        INSERT INTO redrive_item (redrive_id, item_id, result, sent_id, sent_to, type, next_check_at)
                        VALUES (:id, 'dead', 'WAITING', 'sent-before', 'shipping-requests', 'ArrangeShipment', 'infinity')
                        """)
                .param("id", id)
                .update();
        jdbc.sql("UPDATE redrive SET lease_expires_at = now() - interval '1 second' WHERE id = :id")
                .param("id", id)
                .update();
        var ended =
                await().until(
                                () -> deadLetters.api.get("/redrives/" + id),
                                it -> !it.path("state").stringValue().equals("RUNNING"));
        assertThat(ended.path("state").stringValue()).isEqualTo("STOPPED");
        assertThat(ended.path("note").stringValue()).contains("canary sent-before failed again");
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
    }

    /// As a console that was killed after the confirmation, and before the redrive, leaves it.
    @Test
    void aConfirmedActionIsExecutedAfterItsInstanceDied() {
        putDeadShipmentRequest();
        var waiting = deadLetters.start(SHIPPING, with(all(), "force", true));
        var id = UUID.fromString(waiting.path("id").stringValue());
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
        jdbc.sql(
                        """
                        UPDATE waiting_action
                           SET confirmed_by = 'anna', confirmed_by_name = 'Anna', confirmed_at = now(),
                               lease_expires_at = now() - interval '1 second'
                         WHERE id = :id
                        """)
                .param("id", id)
                .update();
        await().until(() -> SqsFixture.depth(SHIPPING) == 1);
        var ended =
                await().until(
                                () -> deadLetters.api.get("/redrives/" + id),
                                it -> !it.path("state").stringValue().equals("RUNNING"));
        assertThat(ended.path("done").intValue()).isEqualTo(1);
        await().until(
                        () ->
                                jdbc.sql(
                                                "SELECT outcome = 'done' FROM waiting_action WHERE id = :id")
                                        .param("id", id)
                                        .query(Boolean.class)
                                        .optional()
                                        .orElse(false));
    }

    @Test
    void anUnknownRedriveAndAMissingReasonAreRefused() {
        deadLetters.api.post(404, "/redrives/" + UUID.randomUUID() + "/pause", WHY);
        deadLetters.api.post(400, "/redrives/" + UUID.randomUUID() + "/pause", Map.of());
    }

    private JsonNode control(int status, JsonNode redrive, String action) {
        return deadLetters.api.post(
                status, "/redrives/" + redrive.path("redriveId").stringValue() + "/" + action, WHY);
    }

    private void awaitDone(JsonNode redrive, int count) {
        await().until(
                        () ->
                                deadLetters
                                                .api
                                                .get(
                                                        "/redrives/"
                                                                + redrive.path("redriveId")
                                                                        .stringValue())
                                                .path("done")
                                                .intValue()
                                        >= count);
    }

    private static int visible(String queue) {
        return Integer.parseInt(
                SqsFixture.client()
                        .getQueueAttributes(
                                get ->
                                        get.queueUrl(DeadLetterFixture.url(queue))
                                                .attributeNamesWithStrings(
                                                        "ApproximateNumberOfMessages"))
                        .attributesAsStrings()
                        .get("ApproximateNumberOfMessages"));
    }
}
