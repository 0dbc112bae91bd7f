package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every dead letter can be redriven more than once.
@ResourceLock(RunningSystem.SHARED)
class RedriveTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CONSOLE = "/internal/operations";

    /// The dead-letter queues of all consumers with effects; the test fills them with messages of
    /// its orders.
    private static final List<String> QUEUES =
            List.of(
                    "fulfilment-requests",
                    "order-progress",
                    "notifications",
                    "stock-deductions",
                    "shipping-requests",
                    "analytics");

    private final ShopClient shop = new ShopClient();
    private final SqsClient sqs = RunningSystem.shared().client(SqsClient.builder());

    @Test
    void theConsoleListsEveryDeadLetterQueue() {
        var watched = new ArrayList<String>();
        shop.internal("GET", RunningSystem.shared().operations(), CONSOLE + "/dead-letters", null)
                .path("queues")
                .forEach(queue -> watched.add(queue.path("queue").stringValue()));
        var there =
                sqs.listQueues().queueUrls().stream()
                        .map(url -> url.substring(url.lastIndexOf('/') + 1))
                        .filter(name -> name.endsWith("-dlq") || name.equals("undelivered-events"))
                        .toList();
        assertThat(watched).containsExactlyInAnyOrderElementsOf(there);
    }

    @Test
    void redrivingAllMessagesTwiceRepeatsNoEffect() {
        var sku = shop.stocked("20.00", 10);
        var order = shop.order(sku, 3, ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        await().untilAsserted(() -> assertThat(shop.mails()).hasSize(2));
        await().until(() -> shop.stock(sku).path("onHand").intValue() == 7);
        var before = recordedState(order, sku);
        var poison = "{\"marker\":\"" + UUID.randomUUID() + "\"}";
        // Rejected by its consumer, with reason and fingerprint.
        send("shipping-requests", poison);
        await().until(() -> depth("shipping-requests-dlq") > 0);

        for (int times = 0; times < 2; times++) {
            // As if its consumer had failed when the message arrived.
            send("fulfilment-requests-dlq", event(order, "OrderCreated", 1));
            for (var type : List.of("OrderConfirmed", "OrderShipped")) {
                int version = type.equals("OrderConfirmed") ? 2 : 3;
                send("order-progress-dlq", event(order, type, version));
                send("notifications-dlq", event(order, type, version));
                send("analytics-dlq", event(order, type, version));
            }
            send("stock-deductions-dlq", event(order, "OrderShipped", 3));
            send(
                    "shipping-requests-dlq",
                    "{\"command\":\"ArrangeShipment\",\"schemaVersion\":1,\"orderId\":\"%s\",\"taskToken\":\"token-of-nobody\"}"
                            .formatted(order));
            for (var queue : QUEUES) {
                var ended = redriveAll(queue);
                assertThat(ended.path("state").stringValue()).as(queue).isEqualTo("DONE");
                assertThat(ended.path("done").intValue()).as(queue).isPositive();
                assertThat(ended.path("failed").intValue()).as(queue).isZero();
            }
            for (var queue : QUEUES) {
                await(queue + " to be drained").until(() -> depth(queue) == 0);
            }
        }

        await("the poison to be given up again")
                .until(() -> held("shipping-requests").toString().contains("malformed message"));
        assertThat(held("shipping-requests").toString())
                .as("messages are shown without payload")
                .doesNotContain(poison)
                .doesNotContain("token-of-nobody");
        assertThat(recordedState(order, sku)).isEqualTo(before);
        assertThat(shop.order(order).path("needsAttention").booleanValue(false)).isFalse();
    }

    /// The recorded state of an order at all services and external systems, which a second effect
    /// would change.
    private List<Object> recordedState(String order, String sku) {
        var ledger = shop.gatewayLedger(order);
        return List.of(
                shop.order(order).path("state").stringValue(),
                ledger.path("charges").intValue(),
                ledger.path("net").asString(),
                shop.bookings(order),
                shop.stock(sku).path("onHand").intValue(),
                shop.stock(sku).path("available").intValue(),
                shop.mails());
    }

    /// Redrives all messages, including those that their orders do not need, because that must be
    /// safe.
    private JsonNode redriveAll(String queue) {
        var request =
                JSON.createObjectNode()
                        .put("all", true)
                        .put("force", true)
                        .put("perSecond", 100)
                        .put("reason", "redriven twice on purpose");
        var id =
                shop.redrive(
                                RunningSystem.shared().operations(),
                                CONSOLE + "/dead-letters/" + queue + "/redrive",
                                request)
                        .path("redriveId")
                        .stringValue();
        return await(queue + " to be redriven")
                .until(
                        () ->
                                shop.internal(
                                        "GET",
                                        RunningSystem.shared().operations(),
                                        CONSOLE + "/redrives/" + id,
                                        null),
                        redrive -> !redrive.path("state").stringValue().equals("RUNNING"));
    }

    private JsonNode held(String queue) {
        return shop.internal(
                "GET",
                RunningSystem.shared().operations(),
                CONSOLE + "/dead-letters/" + queue,
                null);
    }

    private String event(String order, String type, int version) {
        var envelope = JSON.createObjectNode();
        envelope.put("version", "0")
                .put("id", UUID.randomUUID().toString())
                .put("detail-type", type)
                .put("source", "orderflow.workflow")
                .put("account", "000000000000")
                .put("time", "2026-11-02T09:15:31Z")
                .put("region", "us-east-1");
        envelope.putArray("resources");
        var detail =
                envelope.putObject("detail")
                        .put("eventId", order + "/" + type)
                        .put("schemaVersion", 1)
                        .put("occurredAt", "2026-11-02T09:15:31Z")
                        .put("orderId", order)
                        .put("orderVersion", version)
                        .put("customerRef", shop.customer());
        if (!type.equals("OrderConfirmed")) {
            detail.putArray("lines").addObject().put("sku", "MUG-BLUE").put("quantity", 3);
        }
        detail.putObject("total").put("amount", "60.00").put("currency", "EUR");
        return envelope.toString();
    }

    private void send(String queue, String body) {
        sqs.sendMessage(send -> send.queueUrl(url(queue)).messageBody(body));
    }

    private int depth(String queue) {
        return sqs
                .getQueueAttributes(
                        get ->
                                get.queueUrl(url(queue))
                                        .attributeNames(
                                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                                QueueAttributeName
                                                        .APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    private String url(String queue) {
        return sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
    }
}
