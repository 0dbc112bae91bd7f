package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.SECRET;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadShipmentRequest;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.shipmentRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@OperationsConsoleFixture
class DeadLetterQueriesTest {

    private static final String STATE_BATCH = "/internal/orders/state-batch";

    private final DeadLetterFixture deadLetters;

    @Autowired
    DeadLetterQueriesTest(@LocalServerPort int port, JdbcClient jdbc) {
        deadLetters = new DeadLetterFixture(port, jdbc);
    }

    @Test
    void everyQueueIsListedWithItsMessagesGroupedByCause() {
        var order = ServiceStubs.putOrder("CONFIRMED").id;
        var cause = Map.of("reason", "r1", "fingerprint", "aaaa");
        putDeadLetter(SHIPPING, shipmentRequest(order), cause);
        putDeadLetter(SHIPPING, shipmentRequest(order), cause);
        putDeadLetter(SHIPPING, shipmentRequest(order), Map.of());

        var queues = deadLetters.api.get("/dead-letters").path("queues");

        assertThat(queues).hasSize(DeadLetterFixture.QUEUES.size() + 1);
        var shipping = find(queues, SHIPPING + "-dlq");
        assertThat(shipping.path("count").intValue()).isEqualTo(3);
        assertThat(shipping.path("received").intValue()).isEqualTo(3);
        assertThat(shipping.path("complete").booleanValue()).isTrue();
        var groups = shipping.path("groups");
        assertThat(groups).hasSize(2);
        assertThat(groups.get(0).path("count").intValue()).isEqualTo(2);
        assertThat(groups.get(0).path("reason").stringValue()).isEqualTo("r1");
        assertThat(groups.get(0).path("reportedBy").stringValue()).isEqualTo("CONSUMER");
        assertThat(groups.get(1).path("reportedBy").stringValue()).isEqualTo("UNKNOWN");
        assertThat(groups.get(1).path("reason").stringValue()).contains("ArrangeShipment");
        assertThat(find(queues, "analytics-dlq").path("count").intValue()).isZero();
    }

    @Test
    void aFingerprintThatCannotBeOneIsRefused() {
        for (var fingerprint : List.of("x", "XYZ", "abc", "g".repeat(8))) {
            assertThat(
                            deadLetters
                                    .api
                                    .send(
                                            "GET",
                                            "/dead-letters/%s?fingerprint=%s"
                                                    .formatted(SHIPPING, fingerprint),
                                            "")
                                    .statusCode())
                    .as(fingerprint)
                    .isEqualTo(400);
        }
    }

    @Test
    void shownMessagesAreVisibleAgainAtOnce() {
        putDeadShipmentRequest();
        for (int times = 0; times < 3; times++) {
            assertThat(deadLetters.show(SHIPPING).path("messages")).hasSize(1);
        }
        assertThat(SqsFixture.receiveAndDelete(SHIPPING + "-dlq")).hasSize(1);
    }

    @Test
    void onlyAllowedFieldsOfTheBodyAreShown() {
        var order = ServiceStubs.putOrder("CONFIRMED").id;
        putDeadLetter(
                SHIPPING,
                """
                {"command":"ArrangeShipment","schemaVersion":1,"orderId":"%s","taskToken":"%s",
                 "eventId":"%s","occurredAt":"%s","reason":"%s","recipient":"%s"}"""
                        .formatted(order, SECRET, SECRET, SECRET, SECRET, SECRET),
                Map.of("reason", "ask ada@example.org\u007f", "fingerprint", "bbbb"));
        putDeadLetter(
                "notifications", "{\"detail-type\":\"" + SECRET + "\",\"detail\":{}}", Map.of());

        var shipping = deadLetters.show(SHIPPING);

        assertThat(shipping.toString()).doesNotContain(SECRET).doesNotContain("ada@");
        assertThat(shipping.path("messages").get(0).path("body").propertyNames())
                .containsExactlyInAnyOrder("type", "orderId", "schemaVersion");
        assertThat(deadLetters.show("notifications").toString()).doesNotContain(SECRET);
    }

    @Test
    void aMessageIsComparedWithItsOrder() {
        putDeadShipmentRequest();

        var message = deadLetters.show(SHIPPING).path("messages").get(0);

        assertThat(message.path("orderState").stringValue()).isEqualTo("CONFIRMED");
        assertThat(message.path("assessment").stringValue()).isEqualTo("NEEDED");
        assertThat(message.path("description").stringValue())
                .isEqualTo(RedriveAssessment.NEEDED.description());
        assertThat(message.path("targetQueue").stringValue()).isEqualTo(SHIPPING);
    }

    @Test
    void aMessageIsNotComparedWhileOrderServiceIsUnavailable() {
        putDeadShipmentRequest();
        ServiceStubs.setUnavailable("/internal/orders");

        var message = deadLetters.show(SHIPPING).path("messages").get(0);

        assertThat(message.path("orderState").stringValue()).isEqualTo("order-service unavailable");
        assertThat(message.path("assessment").stringValue()).isEqualTo("UNCHECKED");
    }

    @Test
    void theOrdersOfManyMessagesAreReadByOneCall() {
        for (int message = 0; message < 12; message++) {
            putDeadShipmentRequest();
        }
        int calls = ServiceStubs.requests(STATE_BATCH).size();

        assertThat(deadLetters.show(SHIPPING).path("messages").valueStream())
                .hasSize(12)
                .allMatch(message -> message.path("orderState").stringValue().equals("CONFIRMED"));

        assertThat(ServiceStubs.requests(STATE_BATCH)).hasSize(calls + 1);
        deadLetters.api.post(
                200,
                "/dead-letters/" + SHIPPING + "/redrive",
                DeadLetterFixture.with(DeadLetterFixture.all(), "dryRun", true));
        assertThat(ServiceStubs.requests(STATE_BATCH)).hasSize(calls + 2);
    }

    @Test
    void aRequestWithoutTheInternalApiKeyIsRejected() {
        assertThat(deadLetters.api.getWithoutCredentials("/dead-letters").statusCode())
                .isEqualTo(401);
    }

    @Test
    void anUnknownQueueOrRedriveIsNotFound() {
        assertThat(deadLetters.api.send("GET", "/dead-letters/other-queue", "").body())
                .contains("dead-letter-queue-not-found");
        assertThat(deadLetters.api.send("GET", "/redrives/" + UUID.randomUUID(), "").body())
                .contains("redrive-not-found");
        assertThat(deadLetters.api.send("GET", "/audit-trail?cursor=x", "").statusCode())
                .isEqualTo(400);
    }

    private static JsonNode find(JsonNode queues, String name) {
        return queues.valueStream()
                .filter(queue -> queue.path("queue").stringValue().equals(name))
                .findAny()
                .orElseThrow();
    }
}
