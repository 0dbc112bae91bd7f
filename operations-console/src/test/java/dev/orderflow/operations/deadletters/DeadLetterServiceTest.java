package dev.orderflow.operations.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.OrderServiceStub;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@OperationsConsoleFixture
class DeadLetterServiceTest {

    private static final List<String> QUEUES =
            List.of(
                    "fulfilment-requests",
                    "order-progress",
                    "approval-requests",
                    "workflow-failures",
                    "inventory-settlements",
                    "shipping-requests",
                    "shipping-cancellations",
                    "notifications",
                    "analytics");
    private static final String SHIPPING = "shipping-requests";
    private static final String SECRET = "tok-secret-Ada-Lovelace";

    private final SqsClient sqs = SqsFixture.client();
    private final HttpClient http = HttpClient.newHttpClient();
    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;

    @BeforeAll
    static void queues() {
        QUEUES.forEach(SqsFixture::createQueue);
        SqsFixture.client().createQueue(queue -> queue.queueName("undelivered-events"));
    }

    @BeforeEach
    void empty() {
        OrderServiceStub.away(false);
        for (var queue : QUEUES) {
            drainAll(queue);
            drainAll(queue + "-dlq");
        }
        drainAll("undelivered-events");
        jdbc.sql("UPDATE redrive SET state = 'DONE', ended_at = now() WHERE state = 'RUNNING'")
                .update();
    }

    @Test
    void everyQueueIsListedWithItsMessagesGroupedByWhyTheyFailed() {
        dead(SHIPPING, shipment(order("CONFIRMED")), Map.of("reason", "r1", "fingerprint", "aaaa"));
        dead(SHIPPING, shipment(order("CONFIRMED")), Map.of("reason", "r1", "fingerprint", "aaaa"));
        dead(SHIPPING, shipment(order("CONFIRMED")), Map.of());

        var queues = get("/dead-letters").path("queues");

        assertThat(queues).hasSize(QUEUES.size() + 1);
        var shipping = named(queues, SHIPPING + "-dlq");
        assertThat(shipping.path("count").intValue()).isEqualTo(3);
        assertThat(shipping.path("complete").booleanValue()).isTrue();
        var groups = shipping.path("groups");
        assertThat(groups).hasSize(2);
        assertThat(groups.get(0).path("count").intValue()).isEqualTo(2);
        assertThat(groups.get(0).path("reason").stringValue()).isEqualTo("r1");
        assertThat(groups.get(1).path("saidBy").stringValue()).isEqualTo("NOBODY");
        assertThat(groups.get(1).path("reason").stringValue()).contains("ArrangeShipment");
        assertThat(named(queues, "analytics-dlq").path("count").intValue()).isZero();
    }

    @Test
    void lookingGivesEveryMessageBackAtOnce() {
        dead(SHIPPING, shipment(order("CONFIRMED")), Map.of());
        for (int times = 0; times < 3; times++) {
            assertThat(get("/dead-letters/" + SHIPPING).path("messages")).hasSize(1);
        }
        assertThat(SqsFixture.receiveAndDelete(SHIPPING + "-dlq")).hasSize(1);
    }

    @Test
    void theBodyIsShownByAnAllowListOnly() {
        var id = order("CONFIRMED");
        dead(
                SHIPPING,
                """
                {"command":"ArrangeShipment","schemaVersion":1,"orderId":"%s","taskToken":"%s",
                 "eventId":"%s","occurredAt":"%s","reason":"%s","recipient":"%s"}"""
                        .formatted(id, SECRET, SECRET, SECRET, SECRET, SECRET),
                Map.of("reason", "ask ada@example.org\u007f", "fingerprint", "bbbb"));
        dead("notifications", "{\"detail-type\":\"" + SECRET + "\",\"detail\":{}}", Map.of());

        var shipping = get("/dead-letters/" + SHIPPING);
        assertThat(shipping.toString()).doesNotContain(SECRET).doesNotContain("ada@");
        var message = shipping.path("messages").get(0);
        assertThat(message.path("body").propertyNames())
                .containsExactlyInAnyOrder("type", "orderId", "schemaVersion");
        assertThat(message.path("order").stringValue()).isEqualTo("CONFIRMED");
        assertThat(message.path("assessment").stringValue()).isEqualTo("NEEDED");
        assertThat(message.path("goesTo").stringValue()).isEqualTo(SHIPPING);
        assertThat(get("/dead-letters/notifications").toString()).doesNotContain(SECRET);
    }

    @Test
    void aDryRunSaysWhatWouldHappenAndDoesNothing() {
        dead(SHIPPING, shipment(order("CONFIRMED")), Map.of());
        dead(SHIPPING, shipment(order("SHIPPED")), Map.of());
        dead(SHIPPING, shipment(UUID.randomUUID()), Map.of());
        dead(SHIPPING, "poison", Map.of());

        var plan = post(200, "/dead-letters/" + SHIPPING + "/redrive", all().with("dryRun", true));

        assertThat(plan.path("selected").intValue()).isEqualTo(4);
        assertThat(plan.path("plannedActions").path("REDRIVEN").intValue()).isEqualTo(1);
        assertThat(plan.path("plannedActions").path("SKIPPED").intValue()).isEqualTo(1);
        assertThat(plan.path("plannedActions").path("BLOCKED").intValue()).isEqualTo(2);
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(4);
    }

    @Test
    void aMessageGoesBackAsItWasWithoutWhatToldOfItsDeath() {
        var body = shipment(order("CONFIRMED"));
        dead(
                SHIPPING,
                body,
                Map.of(
                        "reason", "r",
                        "fingerprint", "cccc",
                        "source-queue", "analytics",
                        "source-message-id", "x",
                        "traceparent", "00-1"));

        var ended = ended(post(202, "/dead-letters/" + SHIPPING + "/redrive", all()));

        assertThat(ended.path("state").stringValue()).isEqualTo("DONE");
        assertThat(ended.path("done").intValue()).isEqualTo(1);
        var sent = SqsFixture.receiveAndDelete(SHIPPING);
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().body()).isEqualTo(body);
        assertThat(sent.getFirst().messageAttributes().keySet())
                .containsExactlyInAnyOrder("traceparent", "redriven-by", "redrive-id");
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isZero();
    }

    @Test
    void whatItsOrderHasNoNeedOfStaysUnlessItIsForced() {
        dead(SHIPPING, shipment(order("SHIPPED")), Map.of());
        dead(SHIPPING, "poison", Map.of());

        var first = ended(post(202, "/dead-letters/" + SHIPPING + "/redrive", all()));
        assertThat(first.path("reasons"))
                .extracting(
                        reason ->
                                reason.path("outcome").stringValue()
                                        + " "
                                        + reason.path("count").intValue()
                                        + " "
                                        + reason.path("why").stringValue())
                .containsExactlyInAnyOrder(
                        "SKIPPED 1 its order has gone on without it; redriving would change nothing",
                        "BLOCKED 1 no order can be read from it, so nothing can be checked");
        assertThat(first.path("reasons").get(0).path("ids")).hasSize(1);
        assertThat(first.path("skipped").intValue()).isEqualTo(1);
        assertThat(first.path("blocked").intValue()).isEqualTo(1);
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(2);

        var forced =
                ended(
                        post(
                                202,
                                "/dead-letters/" + SHIPPING + "/redrive",
                                all().with("force", true)));
        assertThat(forced.path("done").intValue()).isEqualTo(2);
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(2);
    }

    @Test
    void nothingIsRedrivenUncheckedWhileOrderServiceIsAway() {
        dead(SHIPPING, shipment(order("CONFIRMED")), Map.of());
        OrderServiceStub.away(true);

        var ended = ended(post(202, "/dead-letters/" + SHIPPING + "/redrive", all()));

        assertThat(ended.path("blocked").intValue()).isEqualTo(1);
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
    }

    @Test
    void redrivingEverythingTwiceMovesEachMessageOnce() {
        var orders = new ArrayList<UUID>();
        for (int i = 0; i < 12; i++) {
            orders.add(order("CONFIRMED"));
            dead(SHIPPING, shipment(orders.getLast()), Map.of());
        }
        var wish = all().with("perSecond", 100);
        assertThat(
                        ended(post(202, "/dead-letters/" + SHIPPING + "/redrive", wish))
                                .path("done")
                                .intValue())
                .isEqualTo(12);
        // A crash between sending and deleting leaves both.
        orders.forEach(id -> dead(SHIPPING, shipment(id), Map.of()));
        orders.forEach(id -> OrderServiceStub.put(id, "SHIPPED"));

        var second = ended(post(202, "/dead-letters/" + SHIPPING + "/redrive", wish));

        assertThat(second.path("done").intValue()).isZero();
        assertThat(second.path("skipped").intValue()).isEqualTo(12);
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(12);
    }

    @Test
    void aCanaryThatComesBackStopsTheRest() {
        for (int i = 0; i < 3; i++) {
            dead(
                    SHIPPING,
                    shipment(order("CONFIRMED")),
                    Map.of("reason", "r", "fingerprint", "dddd"));
        }
        try (var _ = new Consuming(false)) {
            var ended =
                    ended(
                            post(
                                    202,
                                    "/dead-letters/" + SHIPPING + "/redrive",
                                    all().with("canary", true)));
            assertThat(ended.path("state").stringValue()).isEqualTo("STOPPED");
            assertThat(ended.path("note").stringValue()).contains("canary came back");
            assertThat(ended.path("done").intValue()).isEqualTo(1);
        }
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(3);
    }

    @Test
    void aCanaryThatIsHandledLetsTheRestFollow() {
        for (int i = 0; i < 3; i++) {
            dead(SHIPPING, shipment(order("CONFIRMED")), Map.of());
        }
        try (var _ = new Consuming(true)) {
            var ended =
                    ended(
                            post(
                                    202,
                                    "/dead-letters/" + SHIPPING + "/redrive",
                                    all().with("canary", true)));
            assertThat(ended.path("state").stringValue()).isEqualTo("DONE");
            assertThat(ended.path("done").intValue()).isEqualTo(3);
        }
    }

    @Test
    void aCanaryThatNobodyTakesStopsTheRest() {
        dead(SHIPPING, shipment(order("CONFIRMED")), Map.of());
        dead(SHIPPING, shipment(order("CONFIRMED")), Map.of());

        var ended =
                ended(
                        post(
                                202,
                                "/dead-letters/" + SHIPPING + "/redrive",
                                all().with("canary", true)));

        assertThat(ended.path("note").stringValue()).contains("neither handled nor back");
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
    }

    /// The queue is never empty: what others send stays in it.
    @Test
    void aCanaryIsSettledByItsOwnEffectWhileOtherMessagesKeepTheQueueFull() {
        var orders = new ArrayList<UUID>();
        for (int i = 0; i < 3; i++) {
            orders.add(order("CONFIRMED"));
            dead(SHIPPING, shipment(orders.getLast()), Map.of());
            put(SHIPPING, shipment(order("CONFIRMED")), Map.of());
        }
        var started =
                post(
                        202,
                        "/dead-letters/" + SHIPPING + "/redrive",
                        all().with("canary", true).with("perSecond", 100));
        await().until(() -> SqsFixture.depth(SHIPPING) == 4);
        orders.forEach(OrderServiceStub::shipment);

        var ended = ended(started);
        assertThat(ended.path("state").stringValue()).isEqualTo("DONE");
        assertThat(ended.path("done").intValue()).isEqualTo(3);
    }

    @Test
    void aCanaryThatComesBackStopsTheRestWhileOtherMessagesKeepTheQueueFull() {
        for (int i = 0; i < 2; i++) {
            dead(SHIPPING, shipment(order("CONFIRMED")), Map.of());
            put(SHIPPING, shipment(order("CONFIRMED")), Map.of());
        }
        var started =
                post(202, "/dead-letters/" + SHIPPING + "/redrive", all().with("canary", true));
        await().until(() -> SqsFixture.depth(SHIPPING) == 3);
        // Its consumer gives it up: a copy that names the redrive lies where it was.
        dead(
                SHIPPING,
                shipment(order("CONFIRMED")),
                Map.of("redrive-id", started.path("redriveId").stringValue()));

        var ended = ended(started);
        assertThat(ended.path("state").stringValue()).isEqualTo("STOPPED");
        assertThat(ended.path("note").stringValue()).contains("canary came back");
    }

    /// analytics tells nothing the console could ask for.
    @Test
    void whereNoEffectCanBeSeenACanaryIsSettledWhenItWasTakenAndDidNotComeBack() {
        for (int i = 0; i < 2; i++) {
            dead(
                    "analytics",
                    "{\"detail-type\":\"OrderShipped\",\"detail\":{\"orderId\":\"%s\",\"schemaVersion\":1}}"
                            .formatted(order("SHIPPED")),
                    Map.of());
        }
        put("analytics", "of others, and somebody works on it", Map.of());
        var taken = new ArrayList<>(take("analytics"));

        var started = post(202, "/dead-letters/analytics/redrive", all().with("canary", true));
        await().until(() -> taken.addAll(take("analytics")));

        assertThat(ended(started).path("done").intValue()).isEqualTo(2);
        taken.forEach(
                message ->
                        sqs.deleteMessage(
                                delete ->
                                        delete.queueUrl(url("analytics"))
                                                .receiptHandle(message.receiptHandle())));
    }

    /// Receives and keeps what is there.
    private List<Message> take(String queue) {
        return sqs.receiveMessage(
                        receive ->
                                receive.queueUrl(url(queue))
                                        .maxNumberOfMessages(10)
                                        .visibilityTimeout(60))
                .messages();
    }

    @Test
    void aQueueHasOneRedriveAtATimeOnAllInstancesTogether() {
        var other = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO redrive (id, target, action, requested_by, reason, selection, leased_until)
                        VALUES (:id, 'shipping-requests-dlq', 'REDRIVE', 'another instance', 'r', 'all',
                                now() + interval '1 minute')
                        """)
                .param("id", other)
                .update();
        dead(SHIPPING, shipment(order("CONFIRMED")), Map.of());

        var busy = post(409, "/dead-letters/" + SHIPPING + "/redrive", all());
        assertThat(busy.path("redriveId").stringValue()).isEqualTo(other.toString());

        jdbc.sql("UPDATE redrive SET leased_until = now() - interval '1 second' WHERE id = :id")
                .param("id", other)
                .update();
        assertThat(
                        ended(post(202, "/dead-letters/" + SHIPPING + "/redrive", all()))
                                .path("done")
                                .intValue())
                .isEqualTo(1);
        assertThat(get("/redrives/" + other).path("state").stringValue()).isEqualTo("ABANDONED");
    }

    @Test
    void onlyWhatFailedAlikeOrIsNamedIsTaken() {
        dead(SHIPPING, shipment(order("CONFIRMED")), Map.of("reason", "a", "fingerprint", "aaaa"));
        dead(SHIPPING, shipment(order("CONFIRMED")), Map.of("reason", "b", "fingerprint", "bbbb"));

        ended(
                post(
                        202,
                        "/dead-letters/" + SHIPPING + "/redrive",
                        wish().with("fingerprint", "aaaa")));
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(1);
        var left = get("/dead-letters/" + SHIPPING).path("messages");
        assertThat(left).hasSize(1);

        var ended =
                ended(
                        post(
                                202,
                                "/dead-letters/" + SHIPPING + "/redrive",
                                wish().with(
                                                "messageIds",
                                                List.of(
                                                        left.get(0).path("messageId").stringValue(),
                                                        "nobody"))));
        assertThat(ended.path("done").intValue()).isEqualTo(1);
        assertThat(ended.path("failed").intValue()).isEqualTo(1);
        var reason = ended.path("reasons").get(0);
        assertThat(reason.path("outcome").stringValue()).isEqualTo("FAILED");
        assertThat(reason.path("why").stringValue())
                .isEqualTo("no such message in shipping-requests-dlq");
        assertThat(reason.path("ids").get(0).stringValue()).isEqualTo("nobody");
    }

    @Test
    void anUndeliveredEventGoesToTheQueueItWasMeantForAndToNoOther() {
        var id = order("SHIPPED");
        var event =
                "{\"detail-type\":\"OrderShipped\",\"detail\":{\"orderId\":\"%s\",\"schemaVersion\":1}}"
                        .formatted(id);
        undelivered(event, "arn:aws:sqs:us-east-1:000000000000:inventory-settlements");
        undelivered(event, "arn:aws:sqs:us-east-1:000000000000:somebody-elses");

        var detail = get("/dead-letters/undelivered-events");
        assertThat(detail.path("groups")).hasSize(2);
        assertThat(detail.path("groups").get(0).path("reason").stringValue())
                .contains("settle-inventory")
                .contains("NO_PERMISSIONS");

        var ended =
                ended(
                        post(
                                202,
                                "/dead-letters/undelivered-events/redrive",
                                all().with("force", true)));
        assertThat(ended.path("done").intValue()).isEqualTo(1);
        assertThat(ended.path("blocked").intValue()).isEqualTo(1);
        var sent = SqsFixture.receiveAndDelete("inventory-settlements");
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().body()).isEqualTo(event);
        assertThat(sent.getFirst().messageAttributes()).doesNotContainKey("RULE_ARN");
    }

    @Test
    void everyDeedIsOnRecordWithWhoAndWhyAndWithoutPayload() {
        var id = order("CONFIRMED");
        dead(SHIPPING, shipment(id), Map.of());

        ended(
                post(
                        202,
                        "/dead-letters/" + SHIPPING + "/discard",
                        all().with("reason", "asked by the customer")));

        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isZero();
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
        var ofMessage = get("/audit-trail?subject=" + id).path("entries");
        assertThat(ofMessage).hasSize(1);
        assertThat(ofMessage.get(0).path("action").stringValue()).isEqualTo("DISCARD_MESSAGE");
        assertThat(ofMessage.get(0).path("operator").stringValue()).isEqualTo("grace");
        assertThat(ofMessage.toString()).doesNotContain(SECRET);
        var ofQueue = get("/audit-trail?limit=1&subject=" + SHIPPING + "-dlq");
        assertThat(ofQueue.path("entries").get(0).path("action").stringValue())
                .isEqualTo("DISCARD_DONE");
        var before =
                get(
                        "/audit-trail?limit=1&subject="
                                + SHIPPING
                                + "-dlq&cursor="
                                + ofQueue.path("next").stringValue());
        assertThat(before.path("entries").get(0).path("action").stringValue())
                .isEqualTo("DISCARD_INTENDED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"all\":true,\"operator\":\"g\"}",
                "{\"all\":true,\"reason\":\"r\"}",
                "{\"all\":false,\"operator\":\"g\",\"reason\":\"r\"}",
                "{\"operator\":\"g\",\"reason\":\"r\"}",
                "{\"all\":true,\"fingerprint\":\"aaaa\",\"operator\":\"g\",\"reason\":\"r\"}",
                "{\"fingerprint\":\"' OR 1=1\",\"operator\":\"g\",\"reason\":\"r\"}",
                "{\"messageIds\":[],\"operator\":\"g\",\"reason\":\"r\"}",
                "{\"messageIds\":[null],\"operator\":\"g\",\"reason\":\"r\"}",
                "{\"all\":true,\"operator\":\"g\\nx\",\"reason\":\"r\"}",
                "{\"all\":true,\"operator\":\" \",\"reason\":\"r\"}",
                "{\"all\":true,\"operator\":\"g\",\"reason\":\"\\u0000\"}",
                "{\"all\":true,\"operator\":\"g\",\"reason\":\"r\",\"perSecond\":0}",
                "{\"all\":true,\"operator\":\"g\",\"reason\":\"r\",\"perSecond\":1000}",
                "{\"all\":\"true\",\"operator\":\"g\",\"reason\":\"r\"}",
                "{\"all\":true,\"operator\":\"g\",\"reason\":\"r\",\"dryrun\":true}",
                "[]",
                "null",
                "nonsense"
            })
    void aWrongWishIsRefusedAndNothingMoves(String body) {
        dead(SHIPPING, shipment(order("CONFIRMED")), Map.of());
        var answer = send("POST", "/dead-letters/" + SHIPPING + "/redrive", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
    }

    @Test
    void nobodyWithoutTheKeyGetsIn() throws IOException, InterruptedException {
        var answer =
                http.send(
                        HttpRequest.newBuilder(uri("/dead-letters")).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void aQueueNobodyKnowsIsNotFound() {
        assertThat(send("GET", "/dead-letters/orders-of-others", "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/redrives/" + UUID.randomUUID(), "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/audit-trail?cursor=x", "").statusCode()).isEqualTo(400);
    }

    private static UUID order(String state) {
        var id = UUID.randomUUID();
        OrderServiceStub.put(id, state);
        return id;
    }

    private static String shipment(UUID order) {
        return "{\"command\":\"ArrangeShipment\",\"schemaVersion\":1,\"orderId\":\"%s\",\"taskToken\":\"%s\"}"
                .formatted(order, SECRET);
    }

    private void dead(String queue, String body, Map<String, String> attributes) {
        put(queue + "-dlq", body, attributes);
    }

    private void undelivered(String body, String target) {
        put(
                "undelivered-events",
                body,
                Map.of(
                        "RULE_ARN",
                        "arn:aws:events:us-east-1:000000000000:rule/orderflow/settle-inventory",
                        "TARGET_ARN",
                        target,
                        "ERROR_CODE",
                        "NO_PERMISSIONS",
                        "ERROR_MESSAGE",
                        "not allowed"));
    }

    private void put(String queue, String body, Map<String, String> attributes) {
        var all = new LinkedHashMap<String, MessageAttributeValue>();
        attributes.forEach(
                (name, value) ->
                        all.put(
                                name,
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue(value)
                                        .build()));
        sqs.sendMessage(send -> send.queueUrl(url(queue)).messageBody(body).messageAttributes(all));
    }

    private String url(String queue) {
        return sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
    }

    private void drainAll(String queue) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> {
                            if (SqsFixture.depth(queue) == 0) {
                                return true;
                            }
                            SqsFixture.receiveAndDelete(queue);
                            return false;
                        });
    }

    private record RedriveRequestFields(Map<String, Object> fields) {

        RedriveRequestFields with(String name, Object value) {
            var more = new LinkedHashMap<>(fields);
            more.put(name, value);
            return new RedriveRequestFields(more);
        }
    }

    private static RedriveRequestFields wish() {
        return new RedriveRequestFields(
                Map.of("operator", "grace", "reason", "the cause is mended"));
    }

    private static RedriveRequestFields all() {
        return wish().with("all", true);
    }

    private JsonNode get(String path) {
        var answer = send("GET", path, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }

    private JsonNode post(int status, String path, RedriveRequestFields wish) {
        var answer = send("POST", path, JsonMapper.shared().writeValueAsString(wish.fields()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }

    private JsonNode ended(JsonNode started) {
        var path = "/redrives/" + started.path("redriveId").stringValue();
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> get(path),
                        redrive -> !redrive.path("state").stringValue().equals("RUNNING"));
    }

    private HttpResponse<String> send(String method, String path, String body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(uri(path))
                            .header("X-Api-Key", "test-internal-api-key")
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/internal/operations" + path);
    }

    private static JsonNode named(JsonNode queues, String name) {
        for (var queue : queues) {
            if (queue.path("queue").stringValue().equals(name)) {
                return queue;
            }
        }
        throw new AssertionError("no " + name);
    }

    /// shipping-service, as far as its queue sees it: handles all, or gives all up as the delivery
    /// mechanism does.
    private final class Consuming implements AutoCloseable {

        private final AtomicBoolean going = new AtomicBoolean(true);
        private final Thread thread;

        Consuming(boolean well) {
            thread =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        while (going.get()) {
                                            for (var message : receive()) {
                                                handle(message, well);
                                            }
                                        }
                                    });
        }

        private List<Message> receive() {
            return sqs.receiveMessage(r -> r.queueUrl(url(SHIPPING)).waitTimeSeconds(1)).messages();
        }

        private void handle(Message message, boolean well) {
            if (!well) {
                dead(
                        SHIPPING,
                        message.body(),
                        Map.of(
                                "reason", "still broken",
                                "fingerprint", "dddd",
                                "source-message-id", message.messageId()));
            }
            sqs.deleteMessage(
                    d -> d.queueUrl(url(SHIPPING)).receiptHandle(message.receiptHandle()));
        }

        @Override
        public void close() {
            going.set(false);
            try {
                thread.join();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }
    }
}
