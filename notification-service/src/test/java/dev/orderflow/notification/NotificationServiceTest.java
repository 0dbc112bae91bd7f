package dev.orderflow.notification;

import static dev.orderflow.notification.NotificationStubServer.attributes;
import static dev.orderflow.notification.NotificationStubServer.awsError;
import static dev.orderflow.notification.NotificationStubServer.contactRequests;
import static dev.orderflow.notification.NotificationStubServer.emailsAbout;
import static dev.orderflow.notification.NotificationStubServer.mentions;
import static dev.orderflow.notification.NotificationStubServer.publishedAbout;
import static dev.orderflow.notification.OrderEventSamples.envelope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.defaults.fixture.ApiFuzzer;
import dev.orderflow.defaults.fixture.HttpStub.StubResponse;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.notification.channel.NotificationChannel;
import dev.orderflow.notification.channel.NotificationLog;
import dev.orderflow.notification.channel.NotificationService;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// The whole service with a real Postgres and a real queue; the services it calls are HTTP stubs.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=notification-service",
            // With this registry counters can be read immediately, not after a minute.
            "management.cloudwatch.metrics.export.namespace=false",
            "spring.cloud.aws.sqs.listener.poll-timeout=1s",
            "orderflow.delivery.initial-back-off=0s",
            "orderflow.delivery.outage.probe-interval=50ms",
            "orderflow.delivery.outage.max-probe-interval=50ms",
            "orderflow.notification.topic-retry.initial-delay=0s",
            "orderflow.notification.claim-lifetime=1h",
            "orderflow.notification.claim-check-interval=100ms"
        })
@ContextConfiguration(
        initializers = {PostgresFixture.class, SqsFixture.class, NotificationStubServer.class})
@ExtendWith(OutputCaptureExtension.class)
class NotificationServiceTest {

    private static final String QUEUE = "notifications";
    private static final String KEY = "test-internal-api-key";

    private final int port;
    private final NotificationService notifications;
    private final NotificationLog notificationLog;
    private final JdbcClient jdbc;
    private final MeterRegistry meters;

    private final UUID order = UUID.randomUUID();
    private final OrderEventSamples events = new OrderEventSamples(order);

    @Autowired
    NotificationServiceTest(
            @LocalServerPort int port,
            NotificationService notifications,
            NotificationLog notificationLog,
            JdbcClient jdbc,
            MeterRegistry meters) {
        this.port = port;
        this.notifications = notifications;
        this.notificationLog = notificationLog;
        this.jdbc = jdbc;
        this.meters = meters;
    }

    @BeforeAll
    static void queue() {
        // Enough receives for an outage in a test, whose retries have no delay.
        SqsFixture.createQueue(QUEUE, 1_000);
    }

    @BeforeEach
    void resetStubsAndQueues() {
        NotificationStubServer.reset();
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
        jdbc.sql("DELETE FROM notification").update();
        SqsFixture.receiveAndDelete(QUEUE + "-dlq");
    }

    // Successful notifications

    @Test
    void noOperationRevealsJavaInItsProblems(
            @Autowired @Qualifier("requestMappingHandlerMapping")
                    RequestMappingHandlerMapping mapping) {
        var operations = ApiFuzzer.ofInternalApi(mapping, port);
        assertThat(operations.findViolations()).isEmpty();
        assertThat(operations.requestCount()).isGreaterThan(50);
    }

    @Test
    void aShipmentIsPublishedAndMailed(CapturedOutput output) {
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);

        assertThat(publishedAbout(order)).hasSize(1);
        var published = publishedAbout(order).getFirst();
        assertThat(attributes(published))
                .containsOnly(
                        Map.entry("eventType", "OrderShipped"),
                        Map.entry("eventId", order + "/OrderShipped"),
                        Map.entry("orderId", order.toString()),
                        Map.entry("customerRef", "cust-1842"));
        assertThat(published.form().get("TopicArn"))
                .isEqualTo("arn:aws:sns:us-east-1:000000000000:order-notifications");
        assertThat(mentions(published, "Zoë") || mentions(published, "ada@example.org")).isFalse();

        assertThat(emailsAbout(order)).hasSize(1);
        assertThat(emailsAbout(order).getFirst().form())
                .containsEntry("Source", "Orderflow <orders@orderflow.example>")
                .containsEntry("Destination.ToAddresses.member.1", "ada@example.org")
                .doesNotContainKey("Destination.ToAddresses.member.2")
                .containsEntry("Message.Subject.Data", "Your order is on its way")
                .containsEntry("Message.Body.Text.Charset", "UTF-8")
                .hasEntrySatisfying(
                        "Message.Body.Text.Data",
                        text -> assertThat(text).contains("Zoë Lovelace", "2 x MUG-BLUE"));

        assertThat(storedRows()).doesNotContain("Zoë", "Lovelace", "ada@");
        assertThat(output).doesNotContain("Zoë", "Lovelace", "ada@");
    }

    @Test
    void aReasonIsAnAttributeToFilterBy() {
        deliver(events.rejected(OrderRejected.OrderRejectionReason.OUT_OF_STOCK));
        eventually().until(() -> !publishedAbout(order).isEmpty());
        assertThat(attributes(publishedAbout(order).getFirst()))
                .containsEntry("reason", "OUT_OF_STOCK");
        var other = new OrderEventSamples(UUID.randomUUID());
        deliver(other.cancelled());
        eventually().until(() -> !publishedAbout(other.orderId()).isEmpty());
        assertThat(attributes(publishedAbout(other.orderId()).getFirst()))
                .containsEntry("reason", "CUSTOMER_REQUEST");
    }

    // Duplicates and concurrency

    @Test
    void aRepeatedEventIsSentOnce() {
        for (int i = 0; i < 5; i++) {
            deliver(events.confirmed());
        }
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
        assertThat(state(events.confirmed())).isEqualTo("EMAIL SENT, TOPIC SENT");
        assertThat(emailsAbout(order)).hasSize(1);
        assertThat(publishedAbout(order)).hasSize(1);
    }

    @Test
    void concurrentDeliveriesOfOneEventSendItOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running =
                    threads.invokeAll(
                            IntStream.range(0, 16)
                                    .<Callable<Object>>mapToObj(
                                            _ -> () -> notifications.send(events.confirmed()))
                                    .toList());
            for (var one : running) {
                one.get();
            }
        }
        assertThat(emailsAbout(order)).hasSize(1);
        assertThat(publishedAbout(order)).hasSize(1);
    }

    @Test
    void everyEventOfAnOrderIsSent() {
        deliver(events.confirmed());
        eventually().until(() -> state(events.confirmed()).equals("EMAIL SENT, TOPIC SENT"));
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        assertThat(emailsAbout(order)).hasSize(2);
    }

    @Test
    void aConfirmationAfterTheShipmentIsSuperseded() {
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        deliver(events.confirmed());
        eventually().until(() -> state(events.confirmed()).equals("EMAIL SUPERSEDED, TOPIC SENT"));
        assertThat(emailsAbout(order)).hasSize(1);
        assertThat(publishedAbout(order)).hasSize(2);
    }

    // Crashes

    @Test
    void anEmailInterruptedByACrashIsUnknownAndNeverRepeated() throws Exception {
        assertThat(notificationLog.claim(events.shipped(), NotificationChannel.EMAIL))
                .isInstanceOf(NotificationLog.ClaimResult.ClaimGranted.class);
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL CLAIMED, TOPIC SENT"));

        expire();
        eventually().until(() -> state(events.shipped()).equals("EMAIL UNKNOWN, TOPIC SENT"));
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
        assertThat(emailsAbout(order)).isEmpty();
        assertThat(SqsFixture.depth(QUEUE + "-dlq")).isZero();
        assertThat(meters.get("notifications.unknown").gauge().value()).isEqualTo(1);
        assertThat(get("/internal/notifications?state=UNKNOWN", KEY).body())
                .contains(order.toString(), "\"channel\":\"EMAIL\"", "\"state\":\"UNKNOWN\"");
    }

    @Test
    void aMessageInterruptedByACrashIsPublishedAgain() {
        notificationLog.claim(events.shipped(), NotificationChannel.TOPIC);
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC CLAIMED"));
        expire();
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        assertThat(publishedAbout(order)).hasSize(1);
        assertThat(emailsAbout(order)).hasSize(1);
    }

    @Test
    void anEmailSentAfterItsClaimExpiredIsMarkedSent() {
        var claim =
                (NotificationLog.ClaimResult.ClaimGranted)
                        notificationLog.claim(events.shipped(), NotificationChannel.EMAIL);
        expire();
        notificationLog.settleExpiredClaims();
        notificationLog.markSent(claim);
        assertThat(state(events.shipped())).isEqualTo("EMAIL SENT");
    }

    private void expire() {
        jdbc.sql("UPDATE notification SET claimed_at = now() - interval '2 h'").update();
    }

    // Outages of dependencies

    @Test
    void anOutageOfOrderServiceLeavesNoClaimAndTheEmailIsSentLater() {
        NotificationStubServer.CONTACTS.put(order, new StubResponse(503, "{}"));
        deliver(events.shipped());
        eventually().until(() -> contactRequests(order).size() > 3);
        assertThat(state(events.shipped())).isEqualTo("TOPIC SENT");
        NotificationStubServer.CONTACTS.put(order, NotificationStubServer.SILENT);
        int asked = contactRequests(order).size();
        eventually().until(() -> contactRequests(order).size() > asked + 2);
        NotificationStubServer.CONTACTS.clear();
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        assertThat(publishedAbout(order)).hasSize(1);
        assertThat(emailsAbout(order)).hasSize(1);
    }

    @Test
    void anOutageOfSnsDoesNotDelayTheEmail() {
        NotificationStubServer.ACTIONS.put("Publish", awsError(500, "InternalError"));
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).startsWith("EMAIL SENT"));
        NotificationStubServer.ACTIONS.clear();
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        assertThat(emailsAbout(order)).hasSize(1);
    }

    @Test
    void anEmailIsSentWhenSesIsReachableAgain(CapturedOutput output) {
        NotificationStubServer.SES.refuseConnections();
        deliver(events.shipped());
        eventually().until(() -> output.getOut().split("no request was sent to SES").length > 6);
        assertThat(state(events.shipped())).doesNotContain("EMAIL UNKNOWN", "EMAIL SENT");
        assertThat(output).contains("polling paused, SES is unavailable");
        NotificationStubServer.SES.recover();
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
        assertThat(emailsAbout(order)).hasSize(1);
        assertThat(publishedAbout(order)).hasSize(1);
        assertThat(SqsFixture.depth(QUEUE + "-dlq")).isZero();
    }

    @Test
    void anEmailThatSesDidNotAcceptIsRetried() {
        for (var refusal :
                List.of(
                        awsError(400, "Throttling"),
                        awsError(403, "AccessDenied"),
                        awsError(503, "ServiceUnavailable"))) {
            var each = new OrderEventSamples(UUID.randomUUID());
            NotificationStubServer.ACTIONS.put("SendEmail", refusal);
            deliver(each.shipped());
            eventually().until(() -> emailsAbout(each.orderId()).size() > 1);
            NotificationStubServer.ACTIONS.clear();
            eventually().until(() -> state(each.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        }
    }

    @Test
    void anEmailWithUnknownStatusIsNotSentAgain() {
        for (var mystery :
                List.of(NotificationStubServer.SILENT, awsError(500, "InternalFailure"))) {
            var each = new OrderEventSamples(UUID.randomUUID());
            NotificationStubServer.ACTIONS.put("SendEmail", mystery);
            deliver(each.shipped());
            eventually().until(() -> state(each.shipped()).equals("EMAIL UNKNOWN, TOPIC SENT"));
            eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
            NotificationStubServer.ACTIONS.clear();
            deliver(each.shipped());
            eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
            assertThat(emailsAbout(each.orderId())).hasSize(1);
        }
    }

    @Test
    void anOperatorResolvesAnEmailWithUnknownStatus() throws Exception {
        NotificationStubServer.ACTIONS.put("SendEmail", NotificationStubServer.SILENT);
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL UNKNOWN, TOPIC SENT"));
        assertThat(meters.get("notifications.unknown").gauge().value()).isEqualTo(1);

        assertThat(settle("ada", "SES delivered it").statusCode()).isEqualTo(200);
        assertThat(state(events.shipped())).isEqualTo("EMAIL SENT, TOPIC SENT");
        assertThat(meters.get("notifications.unknown").gauge().value()).isZero();
        assertThat(settle("ada", "SES delivered it").body())
                .contains("\"resolvedBy\":\"ada\"", "\"note\":\"SES delivered it\"");

        assertThat(settle("bob", "written by hand").statusCode()).isEqualTo(409);
        assertThat(settle("ada\\r\\nb", "x").statusCode()).isEqualTo(400);
        assertThat(
                        post(
                                        "/internal/notifications/%s/resolution"
                                                .formatted(UUID.randomUUID()),
                                        RESOLUTION.formatted("ada", "x"))
                                .statusCode())
                .isEqualTo(404);
    }

    private static final String RESOLUTION =
            "{\"eventType\":\"OrderShipped\",\"by\":\"%s\",\"note\":\"%s\"}";

    private HttpResponse<String> settle(String by, String note) throws Exception {
        return post(
                "/internal/notifications/" + order + "/resolution", RESOLUTION.formatted(by, note));
    }

    @Test
    void anEmailThatSesRejectsIsDeadLettered() {
        NotificationStubServer.ACTIONS.put("SendEmail", awsError(400, "MessageRejected"));
        deliver(events.shipped());
        eventually().until(() -> SqsFixture.depth(QUEUE + "-dlq") == 1);
        assertThat(reasons()).containsExactly("EMAIL notification was refused");
        // No claim is left, so a redrive sends it.
        assertThat(state(events.shipped())).isEqualTo("TOPIC SENT");
        NotificationStubServer.ACTIONS.clear();
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
    }

    // Invalid input

    @Test
    void anAddressThatIsNotOnePlainAddressReceivesNoEmail(CapturedOutput output) {
        for (var address :
                List.of(
                        "ada@example.org,victim@example.org",
                        "ada@example.org\\r\\nBcc: victim@example.org",
                        "Victim <victim@example.org>",
                        "victim@example.org ada",
                        "victim",
                        "",
                        "v".repeat(65) + "@example.org",
                        "v@" + "e".repeat(300))) {
            var each = new OrderEventSamples(UUID.randomUUID());
            NotificationStubServer.CONTACTS.put(
                    each.orderId(), NotificationStubServer.contactOf(each.orderId(), address, "V"));
            deliver(each.shipped());
            eventually().until(() -> SqsFixture.depth(QUEUE + "-dlq") == 1);
            assertThat(reasons())
                    .singleElement(STRING)
                    .startsWith("contact: email must ")
                    .doesNotContain("victim");
            assertThat(emailsAbout(each.orderId())).isEmpty();
        }
        assertThat(output).doesNotContain("victim@");
    }

    @Test
    void aCustomerWhoseDataWasErasedReceivesNoEmail() {
        NotificationStubServer.CONTACTS.put(order, new StubResponse(410, "{}"));
        deliver(events.shipped());
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
        assertThat(emailsAbout(order)).isEmpty();
        assertThat(SqsFixture.depth(QUEUE + "-dlq")).isZero();
    }

    @Test
    void anUnknownOrderIsDeadLettered() {
        NotificationStubServer.CONTACTS.put(order, new StubResponse(404, "{}"));
        deliver(events.shipped());
        eventually().until(() -> SqsFixture.depth(QUEUE + "-dlq") == 1);
        assertThat(reasons()).containsExactly("order-service does not know the order");
    }

    @Test
    void aContactOfAnotherOrderIsNotUsed(CapturedOutput output) {
        for (var nonsense :
                List.of(
                        NotificationStubServer.contactOf(
                                UUID.randomUUID(), "victim@example.org", "V"),
                        new StubResponse(200, "victim@example.org"),
                        new StubResponse(200, ""),
                        new StubResponse(401, "victim@example.org"))) {
            var each = new OrderEventSamples(UUID.randomUUID());
            NotificationStubServer.CONTACTS.put(each.orderId(), nonsense);
            deliver(each.shipped());
            eventually().until(() -> contactRequests(each.orderId()).size() > 1);
            assertThat(emailsAbout(each.orderId())).isEmpty();
            NotificationStubServer.CONTACTS.clear();
            eventually().until(() -> state(each.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        }
        assertThat(output).doesNotContain("victim@");
    }

    @Test
    void eventsWithoutNotificationAreDeadLettered() {
        var shipped = envelope(events.shipped());
        var hostile =
                Map.of(
                        "not json",
                        "malformed message",
                        "{}",
                        "malformed message",
                        "[".repeat(5_000),
                        "malformed message",
                        shipped.replace(
                                "\"OrderShipped\",\"source\"", "\"OrderMislaid\",\"source\""),
                        "unknown message type OrderMislaid",
                        shipped.replace("\"schemaVersion\":1", "\"schemaVersion\":2"),
                        "unknown version 2 of OrderShipped",
                        shipped.replace("49.90", "-49.90"),
                        "malformed message",
                        envelope(events.rejected(OrderRejected.OrderRejectionReason.OUT_OF_STOCK))
                                .replace("OUT_OF_STOCK", "OUT_OF_LUCK"),
                        "malformed message",
                        envelope(events.created()),
                        "no notification for OrderCreated",
                        shipped.replace("\"id\"", "\"replay-name\":\"again\",\"id\""),
                        "replayed events are not accepted by notification");
        hostile.keySet().forEach(body -> SqsFixture.send(QUEUE, body));
        var good = new OrderEventSamples(UUID.randomUUID());
        deliver(good.shipped());
        eventually().until(() -> state(good.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        eventually().until(() -> SqsFixture.depth(QUEUE + "-dlq") == hostile.size());
        var reasons = reasons();
        hostile.values().forEach(reason -> assertThat(reasons).anyMatch(r -> r.startsWith(reason)));
        assertThat(emailsAbout(order)).isEmpty();
        assertThat(publishedAbout(order)).isEmpty();
    }

    // The internal API

    @Test
    void theApiRequiresTheKeyAndAKnownState() throws Exception {
        assertThat(get("/internal/notifications", "wrong").statusCode()).isEqualTo(403);
        assertThat(get("/internal/notifications", KEY).body()).isEqualTo("[]");
        var lost = get("/internal/notifications?state=LOST", KEY);
        assertThat(lost.statusCode()).isEqualTo(400);
        assertThat(lost.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).contains("problem+json"));
    }

    @Test
    void theApiReturnsTheEmailsOfManyOrders() throws Exception {
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        var answer = statusBatch("\"%s\",\"%s\"".formatted(order, UUID.randomUUID()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .containsOnlyOnce("\"orderId\":\"" + order)
                .contains("\"eventType\":\"OrderShipped\"", "\"state\":\"SENT\"")
                .doesNotContain("TOPIC");
        assertThat(statusBatch("").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> statusBatch(String orders) throws Exception {
        return post("/internal/notifications/status-batch", "{\"orderIds\":[" + orders + "]}");
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .header("X-Api-Key", KEY)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private HttpResponse<String> get(String path, String key) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .header("X-Api-Key", key)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50));
    }

    private static void deliver(OrderEvent event) {
        SqsFixture.send(QUEUE, envelope(event));
    }

    private String state(OrderEvent event) {
        return String.join(
                ", ",
                jdbc.sql(
                                """
                                SELECT channel || ' ' || state FROM notification
                                WHERE order_id = ? AND event_type = ? ORDER BY channel
                                """)
                        .param(event.orderId())
                        .param(event.type())
                        .query(String.class)
                        .list());
    }

    private String storedRows() {
        return jdbc.sql("SELECT notification::text FROM notification")
                .query(String.class)
                .list()
                .toString();
    }

    private static List<String> reasons() {
        return SqsFixture.receiveAndDelete(QUEUE + "-dlq").stream()
                .map(dead -> dead.messageAttributes().get("reason").stringValue())
                .toList();
    }
}
