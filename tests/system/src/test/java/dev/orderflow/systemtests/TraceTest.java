package dev.orderflow.systemtests;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// All work for an order has the same trace id.
@ResourceLock(RunningSystem.SHARED)
class TraceTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern SERVICE = Pattern.compile("service=([a-z-]+)");

    private static final Pattern COUNTED =
            Pattern.compile("message\\[analytics (\\S+) #\\d+] was handled and deleted");

    /// The caller's own span.
    private static final String CALLER = "00f067aa0ba902b7";

    private final ShopClient shop = new ShopClient();
    private final String trace = UUID.randomUUID().toString().replace("-", "");
    private final String traceparent = "00-" + trace + "-" + CALLER + "-01";

    @Test
    void everyServiceLogsTheOrderWithTheTraceOfTheRequest() {
        var order = place(ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        await().untilAsserted(
                        () ->
                                assertThat(servicesWith(trace, order))
                                        .containsExactlyInAnyOrder(
                                                "order-service",
                                                "inventory-service",
                                                "payment-service",
                                                "shipping-service",
                                                "notification-service",
                                                "analytics-service"));
        assertThat(linesWith(order)).allMatch(line -> line.contains("trace=" + trace));
    }

    @Test
    void theSpansOfEveryServiceAreInTheTraceOfTheOrder() {
        var order = place(ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        await().untilAsserted(
                        () -> {
                            var spans = RunningSystem.spans().of(trace);
                            assertThat(spans)
                                    .extracting(span -> span.service() + ": " + span.name())
                                    .contains(
                                            "order-service: http post /orders",
                                            "order-service: fulfilment-requests process",
                                            "inventory-service: http post /internal/reservations",
                                            "payment-service: http post"
                                                    + " /internal/payments/{orderId}/authorization",
                                            "shipping-service: shipping-requests process",
                                            "payment-service: http post"
                                                    + " /internal/payments/{orderId}/capture",
                                            "order-service: order-progress process",
                                            "inventory-service: stock-deductions process",
                                            "notification-service: notifications process",
                                            "analytics-service: analytics process");
                            var ids = spans.stream().map(Spans.Span::id).collect(toSet());
                            assertThat(spans)
                                    .as("each is part of another one, the first of the caller's")
                                    .extracting(Spans.Span::parentId)
                                    .allMatch(id -> ids.contains(id) || id.equals(CALLER));
                        });
    }

    @Test
    void compensationsAreInTheTraceOfTheOrder() {
        var order = place("pm_card_chargeDeclined");
        shop.awaitState(order, "REJECTED");
        await().untilAsserted(
                        () ->
                                assertThat(linesWith(trace))
                                        .anyMatch(
                                                line ->
                                                        line.contains("service=inventory-service")
                                                                && line.contains("/release")));
        assertThat(linesWith(order)).allMatch(line -> line.contains("trace=" + trace));
    }

    @Test
    void aRedrivenMessageContinuesItsTrace() {
        var order = UUID.randomUUID().toString();
        var poison =
                JSON.createObjectNode()
                        .put("orderId", order)
                        .put("traceparent", traceparent)
                        .toString();
        try (var sqs = RunningSystem.shared().client(SqsClient.builder())) {
            var queue = sqs.getQueueUrl(get -> get.queueName("shipping-requests")).queueUrl();
            sqs.sendMessage(send -> send.queueUrl(queue).messageBody(poison));
        }
        await().until(() -> timesGivenUp(order) == 1);
        await("it to be seen in the dead-letter queue")
                .until(() -> redriveAll().path("done").intValue() > 0);
        await().until(() -> timesGivenUp(order) > 1);
    }

    @Test
    void aReplayedEventContinuesItsTrace() {
        var begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var order = place("pm_card_chargeDeclined");
        shop.awaitState(order, "REJECTED");
        await().until(() -> eventsCounted(order) >= 2);
        try (var events = RunningSystem.shared().client(EventBridgeClient.builder())) {
            var bus = events.describeEventBus(describe -> describe.name("orderflow")).arn();
            var archive =
                    events.describeArchive(describe -> describe.archiveName("orderflow-archive"))
                            .archiveArn();
            events.startReplay(
                    start ->
                            start.replayName("trace-" + UUID.randomUUID())
                                    .eventSourceArn(archive)
                                    .destination(to -> to.arn(bus))
                                    .eventStartTime(begin)
                                    .eventEndTime(Instant.now().plusSeconds(1)));
        }
        await("both events to be counted once more").until(() -> eventsCounted(order) >= 4);
        assertThat(linesWith(order)).allMatch(line -> line.contains("trace=" + trace));
    }

    private String place(String paymentMethodId) {
        var body = shop.body(shop.stocked("12.50", 10), 2, paymentMethodId);
        var answer = shop.placeTraced(traceparent, body);
        assertThat(answer.statusCode()).isEqualTo(201);
        return JSON.readTree(answer.body()).path("orderId").stringValue();
    }

    private long timesGivenUp(String order) {
        return linesWith(order).stream()
                .filter(line -> line.contains("is rejected and moved to the dead-letter queue"))
                .filter(line -> line.contains("trace=" + trace))
                .filter(line -> line.contains("service=shipping-service"))
                .count();
    }

    /// The number of messages that analytics has handled; one of them may be delivered twice.
    private long eventsCounted(String order) {
        return linesWith("trace=" + trace + " order=" + order).stream()
                .filter(line -> line.contains("service=analytics-service"))
                .flatMap(line -> COUNTED.matcher(line).results())
                .map(message -> message.group(1))
                .distinct()
                .count();
    }

    private JsonNode redriveAll() {
        var operations = RunningSystem.shared().operations();
        var request =
                JSON.createObjectNode()
                        .put("all", true)
                        .put("force", true)
                        .put("perSecond", 100)
                        .put("reason", "to see its trace again");
        var id =
                shop.redrive(
                                operations,
                                "/internal/operations/dead-letters/shipping-requests/redrive",
                                request)
                        .path("redriveId")
                        .stringValue();
        return await().until(
                        () ->
                                shop.internal(
                                        "GET",
                                        operations,
                                        "/internal/operations/redrives/" + id,
                                        null),
                        redrive -> !redrive.path("state").stringValue().equals("RUNNING"));
    }

    private static List<String> linesWith(String id) {
        return RunningSystem.log().stream().filter(line -> line.contains(id)).toList();
    }

    private static Set<String> servicesWith(String trace, String order) {
        return linesWith("trace=" + trace + " order=" + order).stream()
                .flatMap(line -> SERVICE.matcher(line).results())
                .map(MatchResult::group)
                .map(service -> service.substring("service=".length()))
                .collect(toSet());
    }
}
