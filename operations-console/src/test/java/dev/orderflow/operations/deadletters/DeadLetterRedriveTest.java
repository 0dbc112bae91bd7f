package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.SECRET;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.UNDELIVERED;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.all;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.orderShipped;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.put;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadShipmentRequest;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.receive;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.request;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.shipmentRequest;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.fixture.TestOperators;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.ServiceStubs.StubbedOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@OperationsConsoleFixture
class DeadLetterRedriveTest {

    private final DeadLetterFixture deadLetters;
    private final JdbcClient jdbc;

    @Autowired
    DeadLetterRedriveTest(@LocalServerPort int port, JdbcClient jdbc) {
        this.deadLetters = new DeadLetterFixture(port, jdbc);
        this.jdbc = jdbc;
    }

    @Test
    void aDryRunReturnsThePlanAndMovesNothing() {
        putDeadShipmentRequest();
        putDeadLetter(SHIPPING, shipmentRequest(ServiceStubs.putOrder("SHIPPED").id), Map.of());
        putDeadLetter(SHIPPING, shipmentRequest(UUID.randomUUID()), Map.of());
        putDeadLetter(SHIPPING, "malformed", Map.of());

        var plan =
                deadLetters.api.post(
                        200, "/dead-letters/" + SHIPPING + "/redrive", with(all(), "dryRun", true));

        assertThat(plan.path("received").intValue()).isEqualTo(4);
        assertThat(plan.path("selected").intValue()).isEqualTo(4);
        assertThat(plan.path("plannedActions").path("REDRIVEN").intValue()).isEqualTo(1);
        assertThat(plan.path("plannedActions").path("SKIPPED").intValue()).isEqualTo(1);
        assertThat(plan.path("plannedActions").path("BLOCKED").intValue()).isEqualTo(2);
        assertThat(plan.path("messages"))
                .extracting(message -> message.path("orderState").stringValue())
                .containsExactlyInAnyOrder("CONFIRMED", "SHIPPED", "unknown", "-");
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(4);
    }

    @Test
    void aMessageIsSentBackUnchangedExceptForTheAttributesOfItsRejection() {
        var body = shipmentRequest(ServiceStubs.putOrder("CONFIRMED").id);
        putDeadLetter(
                SHIPPING,
                body,
                Map.of(
                        "reason", "r",
                        "fingerprint", "cccc",
                        "source-queue", "analytics",
                        "source-message-id", "x",
                        "traceparent", "00-1"));

        var ended = deadLetters.redrive(SHIPPING, all());

        assertThat(ended.path("state").stringValue()).isEqualTo("DONE");
        assertThat(ended.path("done").intValue()).isEqualTo(1);
        var sent = SqsFixture.receiveAndDelete(SHIPPING);
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().body()).isEqualTo(body);
        assertThat(sent.getFirst().messageAttributes().keySet())
                .containsExactlyInAnyOrder("traceparent", "redriven-by", "redrive-id");
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isZero();
    }

    /// A person looks at the queue, or another instance scans it.
    @Test
    void messagesThatAnotherReaderHoldsAreWaitedFor() {
        for (int i = 0; i < 3; i++) {
            putDeadShipmentRequest();
        }
        assertThat(receive(SHIPPING + "-dlq", Duration.ofSeconds(3))).isNotEmpty();

        var ended = deadLetters.redrive(SHIPPING, all());

        assertThat(ended.path("done").intValue()).as(ended.toString()).isEqualTo(3);
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isZero();
    }

    @Test
    void skippedAndBlockedMessagesStayUnlessTheRedriveIsForced() {
        putDeadLetter(SHIPPING, shipmentRequest(ServiceStubs.putOrder("SHIPPED").id), Map.of());
        putDeadLetter(SHIPPING, "malformed", Map.of());

        var first = deadLetters.redrive(SHIPPING, all());

        assertThat(first.path("reasons"))
                .extracting(
                        reason ->
                                "%s %d %s"
                                        .formatted(
                                                reason.path("outcome").stringValue(),
                                                reason.path("count").intValue(),
                                                reason.path("description").stringValue()))
                .containsExactlyInAnyOrder(
                        "SKIPPED 1 its order has progressed without it; a redrive would change nothing",
                        "BLOCKED 1 it has no readable order id, so it cannot be compared with its order");
        assertThat(first.path("reasons").get(0).path("ids")).hasSize(1);
        assertThat(first.path("skipped").intValue()).isEqualTo(1);
        assertThat(first.path("blocked").intValue()).isEqualTo(1);
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(2);

        var forced = deadLetters.redrive(SHIPPING, with(all(), "force", true));

        assertThat(forced.path("done").intValue()).isEqualTo(2);
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(2);
    }

    @Test
    void noMessageIsRedrivenWhileOrderServiceIsUnavailable() {
        putDeadShipmentRequest();
        ServiceStubs.setUnavailable("/internal/orders");

        var ended = deadLetters.redrive(SHIPPING, all());

        assertThat(ended.path("blocked").intValue()).isEqualTo(1);
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
    }

    @Test
    void aRepeatedRedriveOfAllMessagesMovesEachMessageOnce() {
        var orders = new ArrayList<StubbedOrder>();
        for (int i = 0; i < 12; i++) {
            orders.add(ServiceStubs.putOrder("CONFIRMED"));
            putDeadLetter(SHIPPING, shipmentRequest(orders.getLast().id), Map.of());
        }
        assertThat(deadLetters.redrive(SHIPPING, all()).path("done").intValue()).isEqualTo(12);
        // A crash between sending and deleting leaves both copies.
        orders.forEach(order -> putDeadLetter(SHIPPING, shipmentRequest(order.id), Map.of()));
        orders.forEach(order -> order.state = "SHIPPED");

        var second = deadLetters.redrive(SHIPPING, all());

        assertThat(second.path("done").intValue()).isZero();
        assertThat(second.path("skipped").intValue()).isEqualTo(12);
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(12);
    }

    @Test
    void aQueueHasOneRedriveAtATimeAcrossAllInstances() {
        var other = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO redrive (id, target, action, requested_by, requested_by_name, reason, selection,
                                             lease_expires_at)
                        VALUES (:id, 'shipping-requests-dlq', 'REDRIVE', 'another', 'Another', 'r', 'all',
                                now() + interval '1 minute')
                        """)
                .param("id", other)
                .update();
        putDeadShipmentRequest();

        var conflict = deadLetters.api.post(409, "/dead-letters/" + SHIPPING + "/redrive", all());
        assertThat(conflict.path("redriveId").stringValue()).isEqualTo(other.toString());

        jdbc.sql("UPDATE redrive SET lease_expires_at = now() - interval '1 second' WHERE id = :id")
                .param("id", other)
                .update();
        assertThat(deadLetters.redrive(SHIPPING, all()).path("done").intValue()).isEqualTo(1);
        assertThat(deadLetters.api.get("/redrives/" + other).path("state").stringValue())
                .isEqualTo("ABANDONED");
    }

    @Test
    void onlyTheSelectedMessagesAreRedriven() {
        var order = ServiceStubs.putOrder("CONFIRMED").id;
        putDeadLetter(
                SHIPPING, shipmentRequest(order), Map.of("reason", "a", "fingerprint", "aaaa"));
        putDeadLetter(
                SHIPPING, shipmentRequest(order), Map.of("reason", "b", "fingerprint", "bbbb"));

        var first = deadLetters.redrive(SHIPPING, with(request(), "fingerprint", "aaaa"));
        assertThat(first.path("selection").stringValue()).isEqualTo("group=aaaa");
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(1);
        var left = deadLetters.show(SHIPPING).path("messages");
        assertThat(left).hasSize(1);

        var second =
                deadLetters.redrive(
                        SHIPPING,
                        with(
                                request(),
                                "messageIds",
                                List.of(left.get(0).path("messageId").stringValue(), "missing")));
        assertThat(second.path("done").intValue()).isEqualTo(1);
        assertThat(second.path("failed").intValue()).isEqualTo(1);
        var reason = second.path("reasons").get(0);
        assertThat(reason.path("outcome").stringValue()).isEqualTo("FAILED");
        assertThat(reason.path("description").stringValue())
                .isEqualTo("no such message in shipping-requests-dlq");
        assertThat(reason.path("ids").get(0).stringValue()).isEqualTo("missing");
    }

    @Test
    void anUndeliveredEventIsSentToItsTargetQueueAndToNoOther() {
        var event = orderShipped(ServiceStubs.putOrder("SHIPPED").id);
        putUndelivered(event, "arn:aws:sqs:us-east-1:000000000000:stock-deductions");
        putUndelivered(event, "arn:aws:sqs:us-east-1:000000000000:queue-of-another-system");

        var detail = deadLetters.show(UNDELIVERED);
        assertThat(detail.path("groups")).hasSize(2);
        assertThat(detail.path("groups").get(0).path("reportedBy").stringValue())
                .isEqualTo("EVENTBRIDGE");
        assertThat(detail.path("groups").get(0).path("reason").stringValue())
                .contains("deduct-stock")
                .contains("NO_PERMISSIONS");

        var ended = deadLetters.redrive(UNDELIVERED, with(all(), "force", true));

        assertThat(ended.path("done").intValue()).isEqualTo(1);
        assertThat(ended.path("blocked").intValue()).isEqualTo(1);
        var sent = SqsFixture.receiveAndDelete("stock-deductions");
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().body()).isEqualTo(event);
        assertThat(sent.getFirst().messageAttributes()).doesNotContainKey("RULE_ARN");
    }

    private static void putUndelivered(String body, String target) {
        put(
                UNDELIVERED,
                body,
                Map.of(
                        "RULE_ARN",
                        "arn:aws:events:us-east-1:000000000000:rule/orderflow/deduct-stock",
                        "TARGET_ARN",
                        target,
                        "ERROR_CODE",
                        "NO_PERMISSIONS",
                        "ERROR_MESSAGE",
                        "not allowed"));
    }

    @Test
    void everyChangeIsInTheAuditTrailWithOperatorAndReasonButWithoutPayload() {
        var order = putDeadShipmentRequest();

        deadLetters.api.awaitEnd(
                deadLetters.api.post(
                        202,
                        "/dead-letters/" + SHIPPING + "/discard",
                        with(all(), "reason", "requested by the customer")));

        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isZero();
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
        var ofMessage = deadLetters.api.get("/audit-trail?subject=" + order).path("entries");
        assertThat(ofMessage).hasSize(1);
        assertThat(ofMessage.get(0).path("action").stringValue()).isEqualTo("DISCARD_MESSAGE");
        assertThat(ofMessage.get(0).path("operator").stringValue())
                .isEqualTo(TestOperators.ADMINISTRATOR);
        assertThat(ofMessage.toString()).doesNotContain(SECRET);
        var path = "/audit-trail?limit=1&subject=" + SHIPPING + "-dlq";
        var ofQueue = deadLetters.api.get(path);
        assertThat(ofQueue.path("entries").get(0).path("action").stringValue())
                .isEqualTo("DISCARD_DONE");
        var before = deadLetters.api.get(path + "&cursor=" + ofQueue.path("next").stringValue());
        assertThat(before.path("entries").get(0).path("action").stringValue())
                .isEqualTo("DISCARD_REQUESTED");
    }
}
