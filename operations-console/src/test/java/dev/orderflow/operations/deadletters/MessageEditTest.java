package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.SECRET;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.all;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.receive;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.shipmentRequest;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.databind.json.JsonMapper;

/// Exactly one of an original and its edited message is sent, whatever happens in between.
@OperationsConsoleFixture
class MessageEditTest {

    private static final Map<String, Object> EDIT =
            Map.of("changes", Map.of("schemaVersion", "1"), "reason", "version 2 never existed");

    private final DeadLetterFixture deadLetters;
    private final JdbcClient jdbc;

    @Autowired
    MessageEditTest(@LocalServerPort int port, JdbcClient jdbc) {
        this.deadLetters = new DeadLetterFixture(port, jdbc);
        this.jdbc = jdbc;
    }

    private UUID order = UUID.randomUUID();

    /// Dead-letters a shipment request in a version that does not exist.
    ///
    /// @return the message id
    private String putOriginal() {
        order = ServiceStubs.putOrder("CONFIRMED").id;
        putDeadLetter(
                SHIPPING,
                shipmentRequest(order).replace("\"schemaVersion\":1", "\"schemaVersion\":2"),
                Map.of("reason", "unknown version 2", "fingerprint", "aaaa"));
        return deadLetters.show(SHIPPING).path("messages").get(0).path("messageId").stringValue();
    }

    private static String path(String message) {
        return "/dead-letters/%s/messages/%s/edit".formatted(SHIPPING, message);
    }

    @Test
    void theFormHasTheFieldsThatTheSchemaAllowsAndNoSecret() {
        var form = deadLetters.api.get(path(putOriginal()));
        assertThat(form.path("fields").size()).isEqualTo(1);
        assertThat(form.path("fields").get(0).path("field").stringValue())
                .isEqualTo("schemaVersion");
        assertThat(form.path("fields").get(0).path("value").stringValue()).isEqualTo("2");
        assertThat(form.path("fields").get(0).path("rule").stringValue()).isEqualTo("must be 1");
        assertThat(form.toString()).doesNotContain(SECRET);
    }

    @Test
    void aDryRunShowsTheDifferenceAndChangesNothing() {
        var original = putOriginal();
        var plan = deadLetters.api.post(200, path(original), with(EDIT, "dryRun", true));
        assertThat(plan.path("differences").get(0).toString())
                .isEqualTo("{\"field\":\"schemaVersion\",\"before\":\"2\",\"after\":\"1\"}");
        assertThat(plan.path("plannedAction").stringValue()).isEqualTo("REDRIVEN");
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
        assertThat(rows("message_edit")).isZero();
    }

    @Test
    void anEditIsSentAfterASecondPersonHasConfirmedItAndNamesTheOriginal() {
        var original = putOriginal();
        var waiting = deadLetters.api.post(202, path(original), EDIT);
        assertThat(waiting.path("description").stringValue())
                .contains("EDIT ids=" + original, "{schemaVersion=1}", "version 2 never existed");
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
        var ended = deadLetters.api.awaitEnd(waiting);
        assertThat(ended.path("action").stringValue()).isEqualTo("EDIT");
        assertThat(ended.path("done").intValue()).isEqualTo(1);

        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isZero();
        var sent = receiveOnly();
        assertThat(JsonMapper.shared().readTree(sent.body()))
                .isEqualTo(JsonMapper.shared().readTree(shipmentRequest(order)));
        assertThat(sent.messageAttributes().get("edited-from").stringValue()).isEqualTo(original);
    }

    /// ServiceControl 5118: the trail lost the link.
    @Test
    void theTrailOfTheOrderLinksTheOriginalAndTheEditedMessage() {
        var original = putOriginal();
        deadLetters.api.awaitEnd(deadLetters.api.post(202, path(original), EDIT));
        var sent = receiveOnly();
        var trail = deadLetters.api.get("/audit-trail?subject=" + order).path("entries");
        var details =
                trail.valueStream()
                        .collect(
                                Collectors.toMap(
                                        entry -> entry.path("action").stringValue(),
                                        entry -> entry.path("detail").stringValue()));
        assertThat(details.get("EDIT_MESSAGE"))
                .contains("message=" + original, "schemaVersion: 2 -> 1");
        assertThat(details.get("EDITED_MESSAGE_SENT"))
                .contains("message=" + original, "newMessage=" + sent.messageId());
        assertThat(details.toString()).doesNotContain(SECRET);
    }

    /// ServicePulse 2424: both were sent.
    @Test
    void theOriginalIsNeverSentAfterItsEditAlsoWhenItIsStillThereAndWithForce() {
        var original = putOriginal();
        var redrive = insertRedrive();
        insertEdit(redrive, original, "sent-before");
        jdbc.sql("UPDATE redrive SET state = 'CANCELLED', ended_at = now() WHERE id = :id")
                .param("id", redrive)
                .update();
        assertThat(
                        deadLetters
                                .show(SHIPPING)
                                .path("messages")
                                .get(0)
                                .path("assessment")
                                .stringValue())
                .isEqualTo("REPLACED");
        var ended = deadLetters.redrive(SHIPPING, with(all(), "force", true));
        assertThat(ended.path("skipped").intValue()).isEqualTo(1);
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isZero();
    }

    @Test
    void theOriginalIsNotSentWhileItIsNotKnownWhetherItsEditWasSent() {
        var original = putOriginal();
        var redrive = insertRedrive();
        insertEdit(redrive, original, null);
        jdbc.sql("UPDATE redrive SET state = 'STOPPED', ended_at = now() WHERE id = :id")
                .param("id", redrive)
                .update();
        var ended = deadLetters.redrive(SHIPPING, with(all(), "force", true));
        assertThat(ended.path("blocked").intValue()).isEqualTo(1);
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
        // It can be edited again.
        deadLetters.api.awaitEnd(deadLetters.api.post(202, path(original), EDIT));
        assertThat(receiveOnly().messageAttributes().get("edited-from").stringValue())
                .isEqualTo(original);
    }

    /// ServiceControl 5122: the second edit was dropped, and the page said "processed".
    @Test
    void aSecondEditOfTheSameMessageIsRefusedAndSaysWhatWasSent() {
        var original = putOriginal();
        var first = deadLetters.api.post(202, path(original), EDIT);
        var second =
                deadLetters.api.post(202, path(original), with(EDIT, "reason", "another reason"));
        assertThat(second.path("id").stringValue()).isNotEqualTo(first.path("id").stringValue());
        deadLetters.api.awaitEnd(first);
        var sent = receiveOnly();
        var ended = deadLetters.api.awaitEnd(second);
        assertThat(ended.path("done").intValue()).isZero();
        assertThat(ended.path("blocked").intValue()).isEqualTo(1);
        assertThat(ended.path("reasons").get(0).path("description").stringValue())
                .isEqualTo("an edited message was sent in its place");
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(1);
        assertThat(
                        jdbc.sql("SELECT sent_id FROM message_edit WHERE message_id = :id")
                                .param("id", original)
                                .query(String.class)
                                .single())
                .isEqualTo(sent.messageId());
    }

    @Test
    void anEditOfAnEditedMessageThatIsStillThereIsAConflict() {
        var original = putOriginal();
        insertEdit(insertRedrive(), original, "sent-before");
        var refused = deadLetters.api.post(409, path(original), EDIT);
        assertThat(refused.path("newMessageId").stringValue()).isEqualTo("sent-before");
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
    }

    /// As a console that was killed after each step leaves it.
    @Test
    void anEditContinuesAfterACrashAtAnyStepAndOneMessageIsSent() {
        for (var crash : List.of("before", "recorded", "sent", "counted")) {
            new DeadLetterFixture(0, jdbc);
            var original = putOriginal();
            var redrive = insertRunningEdit(original);
            if (!crash.equals("before")) {
                insertEdit(redrive, original, crash.equals("recorded") ? null : "sent-before");
            }
            if (crash.equals("counted")) {
                jdbc.sql("UPDATE redrive SET done = 1 WHERE id = :id")
                        .param("id", redrive)
                        .update();
                jdbc.sql(
                                """
                                INSERT INTO redrive_item (redrive_id, item_id, result, sent_id, sent_to, type, next_check_at)
                                VALUES (:id, :item, 'WAITING', 'sent-before', 'shipping-requests', 'ArrangeShipment', 'infinity')
                                """)
                        .param("id", redrive)
                        .param("item", original)
                        .update();
            }
            jdbc.sql(
                            "UPDATE redrive SET lease_expires_at = now() - interval '1 second' WHERE id = :id")
                    .param("id", redrive)
                    .update();

            var ended =
                    await().until(
                                    () -> deadLetters.api.get("/redrives/" + redrive),
                                    it -> !it.path("state").stringValue().equals("RUNNING"));
            assertThat(ended.path("state").stringValue()).as(crash).isEqualTo("DONE");
            assertThat(ended.path("done").intValue()).as(crash).isEqualTo(1);
            assertThat(ended.path("failed").intValue()).as(crash).isZero();
            assertThat(SqsFixture.depth(SHIPPING + "-dlq")).as(crash).isZero();
            boolean isSentByThisRun = crash.equals("before") || crash.equals("recorded");
            assertThat(SqsFixture.depth(SHIPPING)).as(crash).isEqualTo(isSentByThisRun ? 1 : 0);
        }
    }

    @Test
    void ofTwoOperatorsAtTheSameMomentOneSendsAnEdit() throws Exception {
        var original = putOriginal();
        var waiting =
                Stream.of("a", "b", "c")
                        .map(
                                why ->
                                        deadLetters.api.post(
                                                202, path(original), with(EDIT, "reason", why)))
                        .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.invokeAll(
                    waiting.stream()
                            .<Callable<Integer>>map(
                                    it ->
                                            () ->
                                                    deadLetters
                                                            .api
                                                            .confirm(
                                                                    "anna",
                                                                    it.path("id").stringValue())
                                                            .statusCode())
                            .toList());
        }
        await().until(() -> rowsRunning() == 0);
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(1);
    }

    @Test
    void invalidEditsAreRefusedBeforeASecondPersonIsAsked() {
        var original = putOriginal();
        var target = path(original);
        deadLetters.api.post(400, target, Map.of("reason", "x"));
        deadLetters.api.post(400, target, with(EDIT, "changes", Map.of()));
        deadLetters.api.post(400, target, with(EDIT, "changes", Map.of("taskToken", "stolen")));
        deadLetters.api.post(400, target, with(EDIT, "changes", Map.of("schemaVersion", "2")));
        deadLetters.api.post(
                400, target, with(EDIT, "changes", Map.of("schemaVersion", "\u202e1")));
        deadLetters.api.post(400, target, with(EDIT, "changes", Map.of("a b", "1")));
        deadLetters.api.post(400, target, with(EDIT, "reason", ""));
        deadLetters.api.post(404, path(UUID.randomUUID().toString()), EDIT);
        deadLetters.api.post(404, "/dead-letters/none/messages/" + original + "/edit", EDIT);
        assertThat(rows("message_edit")).isZero();
    }

    @Test
    void aMessageThatIsNoPublishedMessageHasNoFieldsAndCannotBeEdited() {
        putDeadLetter(SHIPPING, "nonsense", Map.of());
        var id = deadLetters.show(SHIPPING).path("messages").get(0).path("messageId").stringValue();
        assertThat(deadLetters.api.get(path(id)).path("fields").isEmpty()).isTrue();
        deadLetters.api.post(400, path(id), EDIT);
    }

    @Test
    void anEditedMessageThatContradictsItsOrderIsBlocked() {
        var original = putOriginal();
        ServiceStubs.reset();
        var ended = deadLetters.api.awaitEnd(deadLetters.api.post(202, path(original), EDIT));
        assertThat(ended.path("blocked").intValue()).isEqualTo(1);
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
    }

    private UUID insertRedrive() {
        return insert(
                "{\"perSecond\":1,\"canary\":false,\"force\":false,\"selection\":{\"all\":true}}",
                "REDRIVE");
    }

    private UUID insertRunningEdit(String message) {
        return insert(
                "{\"perSecond\":1,\"canary\":false,\"force\":false,\"selection\":{\"ids\":[\"%s\"]},\"changes\":{\"schemaVersion\":\"1\"}}"
                        .formatted(message),
                "EDIT");
    }

    private UUID insert(String task, String action) {
        var id = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO redrive (id, target, action, requested_by, requested_by_name, reason, selection, task,
                                             lease_expires_at)
                        VALUES (:id, 'shipping-requests-dlq', :action, 'grace', 'Grace', 'fixed', 'x', CAST(:task AS jsonb),
                                'infinity')
                        """)
                .param("id", id)
                .param("action", action)
                .param("task", task)
                .update();
        return id;
    }

    private void insertEdit(UUID redrive, String message, String sentId) {
        jdbc.sql(
                        """
                        INSERT INTO message_edit (queue, message_id, redrive_id, changes, sent_id, sent_at)
                        VALUES ('shipping-requests-dlq', :message, :redrive, '[]', :sent,
                                CASE WHEN :sent::text IS NOT NULL THEN now() END)
                        """)
                .param("message", message)
                .param("redrive", redrive)
                .param("sent", sentId)
                .update();
    }

    private int rows(String table) {
        return jdbc.sql("SELECT count(*) FROM " + table + " WHERE order_id = :order")
                .param("order", order)
                .query(Integer.class)
                .single();
    }

    private int rowsRunning() {
        return jdbc.sql("SELECT count(*) FROM redrive WHERE state = 'RUNNING'")
                .query(Integer.class)
                .single();
    }

    private static Message receiveOnly() {
        var received = await().until(() -> receive(SHIPPING), it -> !it.isEmpty());
        assertThat(received).hasSize(1);
        return received.getFirst();
    }
}
