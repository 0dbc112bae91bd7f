package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.SECRET;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.all;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.receive;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.shipmentRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Discarded messages, which can be restored as long as their queue would have kept them.
@OperationsConsoleFixture
class DiscardedMessagesTest {

    private static final Map<String, Object> WHY = Map.of("reason", "it is needed after all");

    private final DeadLetterFixture deadLetters;
    private final JdbcClient jdbc;
    private final DiscardedMessageService service;

    @Autowired
    DiscardedMessagesTest(
            @LocalServerPort int port, JdbcClient jdbc, DiscardedMessageService service) {
        this.deadLetters = new DeadLetterFixture(port, jdbc);
        this.jdbc = jdbc;
        this.service = service;
    }

    private final UUID order = ServiceStubs.putOrder("CONFIRMED").id;

    private JsonNode discard() {
        putDeadLetter(
                SHIPPING,
                shipmentRequest(order),
                Map.of("reason", "Carrier", "fingerprint", "aaaa", "other", "kept"));
        var ended =
                deadLetters.api.awaitEnd(
                        deadLetters.api.post(202, "/dead-letters/" + SHIPPING + "/discard", all()));
        assertThat(ended.path("done").intValue()).isEqualTo(1);
        return deadLetters.api.get("/discarded-messages?orderId=" + order).path("messages").get(0);
    }

    private static String restoration(JsonNode message) {
        return "/discarded-messages/%s/%s/restoration"
                .formatted(
                        message.path("queue").stringValue(),
                        message.path("messageId").stringValue());
    }

    @Test
    void aDiscardedMessageIsListedWithoutItsBodyAndRestoredWithItsBodyAndAttributes() {
        var discarded = discard();
        assertThat(discarded.path("operatorName").isString()).isTrue();
        assertThat(discarded.path("cause").stringValue()).isEqualTo("Carrier");
        assertThat(discarded.toString()).doesNotContain(SECRET);
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isZero();

        var restored = deadLetters.api.post(200, restoration(discarded), WHY);
        var message = receive(SHIPPING + "-dlq").getFirst();
        assertThat(restored.path("newMessageId").stringValue()).isEqualTo(message.messageId());
        assertThat(message.body()).isEqualTo(shipmentRequest(order));
        assertThat(message.messageAttributes().get("fingerprint").stringValue()).isEqualTo("aaaa");
        assertThat(message.messageAttributes().get("other").stringValue()).isEqualTo("kept");
        assertThat(bodies()).isZero();
        assertThat(deadLetters.api.get("/audit-trail?subject=" + order).toString())
                .contains("RESTORE_MESSAGE", "MESSAGE_RESTORED", message.messageId());
    }

    @Test
    void aMessageIsRestoredOnceAlsoByTwoOperatorsAtTheSameMoment() throws Exception {
        var path = restoration(discard());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses =
                    threads
                            .invokeAll(
                                    Stream.generate(
                                                    () ->
                                                            (Callable<Integer>)
                                                                    () ->
                                                                            deadLetters
                                                                                    .api
                                                                                    .send(
                                                                                            "POST",
                                                                                            path,
                                                                                            "{\"reason\":\"x\"}")
                                                                                    .statusCode())
                                            .limit(4)
                                            .toList())
                            .stream()
                            .map(each -> each.resultNow())
                            .toList();
            assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 409);
        }
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
        var again = deadLetters.api.post(409, path, WHY);
        assertThat(again.path("newMessageId").isString()).isTrue();
    }

    @Test
    void aMessageWhoseRetentionIsOverIsGone() {
        var discarded = discard();
        jdbc.sql("UPDATE discarded_message SET expires_at = now() WHERE order_id = :order")
                .param("order", order)
                .update();
        deadLetters.api.post(404, restoration(discarded), WHY);
        assertThat(deadLetters.api.get("/discarded-messages?orderId=" + order).path("messages"))
                .isEmpty();
        service.deleteExpired();
        assertThat(bodies()).isZero();
    }

    @Test
    void theOriginalOfAnEditIsNotRestored() {
        var discarded = discard();
        jdbc.sql(
                        """
                        INSERT INTO message_edit (queue, message_id, redrive_id, changes, sent_id, sent_at)
                        VALUES (:queue, :message, :redrive, '[]', 'new', now())
                        """)
                .param("queue", discarded.path("queue").stringValue())
                .param("message", discarded.path("messageId").stringValue())
                .param("redrive", UUID.fromString(discarded.path("redriveId").stringValue()))
                .update();
        var refused = deadLetters.api.post(409, restoration(discarded), WHY);
        assertThat(refused.path("type").stringValue()).contains("message-already-edited");
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isZero();
    }

    /// As a console that was killed after it deleted the message leaves it.
    @Test
    void aDiscardThatContinuesCountsTheMessageThatItsFormerInstanceDeleted() {
        var discarded = discard();
        jdbc.sql("DELETE FROM redrive_item WHERE redrive_id = :id")
                .param("id", UUID.fromString(discarded.path("redriveId").stringValue()))
                .update();
        jdbc.sql(
                        """
                        UPDATE redrive
                           SET state = 'RUNNING', ended_at = NULL, done = 0, lease_expires_at = now() - interval '1 second',
                               task = jsonb_set(task, '{selection}', jsonb_build_object('ids', jsonb_build_array(:message::text)))
                         WHERE id = :id
                        """)
                .param("id", UUID.fromString(discarded.path("redriveId").stringValue()))
                .param("message", discarded.path("messageId").stringValue())
                .update();
        var ended =
                await().until(
                                () ->
                                        deadLetters.api.get(
                                                "/redrives/"
                                                        + discarded
                                                                .path("redriveId")
                                                                .stringValue()),
                                it -> !it.path("state").stringValue().equals("RUNNING"));
        assertThat(ended.path("done").intValue()).isEqualTo(1);
        assertThat(ended.path("failed").intValue()).isZero();
    }

    @Test
    void pagesContinueAfterTheirLastMessage() {
        for (int i = 0; i < 3; i++) {
            putDeadLetter(SHIPPING, shipmentRequest(order), Map.of());
        }
        deadLetters.api.awaitEnd(
                deadLetters.api.post(202, "/dead-letters/" + SHIPPING + "/discard", all()));
        var first = deadLetters.api.get("/discarded-messages?limit=2&orderId=" + order);
        assertThat(first.path("messages").size()).isEqualTo(2);
        var second =
                deadLetters.api.get(
                        "/discarded-messages?limit=2&orderId=%s&cursor=%s"
                                .formatted(order, first.path("next").stringValue()));
        assertThat(second.path("messages").size()).isEqualTo(1);
        assertThat(second.has("next")).isFalse();
    }

    @Test
    void invalidRequestsAreRefused() {
        assertThat(deadLetters.api.send("GET", "/discarded-messages?queue=none", "").statusCode())
                .isEqualTo(400);
        assertThat(deadLetters.api.send("GET", "/discarded-messages?cursor=none", "").statusCode())
                .isEqualTo(400);
        deadLetters.api.post(404, "/discarded-messages/none/x/restoration", WHY);
        deadLetters.api.post(400, "/discarded-messages/" + SHIPPING + "/a!b/restoration", WHY);
        assertThat(
                        deadLetters
                                .api
                                .send("GET", "/discarded-messages?cursor=a/b%00", "")
                                .statusCode())
                .isEqualTo(400);
        deadLetters.api.post(404, "/discarded-messages/" + SHIPPING + "/x/restoration", WHY);
        deadLetters.api.post(400, "/discarded-messages/" + SHIPPING + "/x/restoration", Map.of());
    }

    private int bodies() {
        return jdbc.sql(
                        "SELECT count(*) FROM discarded_message WHERE order_id = :order AND body IS NOT NULL")
                .param("order", order)
                .query(Integer.class)
                .single();
    }
}
