package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.ArrangeShipment;
import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.Total;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/// Delivers every message of a completed order a second time.
@ResourceLock(RunningSystem.SHARED)
class RedeliveryTest {

    private static final List<String> QUEUES =
            List.of(
                    "fulfilment-requests",
                    "order-progress",
                    "notifications",
                    "analytics",
                    "stock-deductions",
                    "shipping-requests");

    private final ShopClient shop = new ShopClient();
    private final Queues queues = new Queues(RunningSystem.shared());

    @Test
    void everyMessageDeliveredTwiceHasOneEffect() {
        var sku = shop.stocked("20.00", 10);
        var order = shop.order(sku, 3, ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        await().untilAsserted(() -> assertThat(shop.mails()).hasSize(2));
        await().until(() -> shop.stock(sku).path("onHand").intValue() == 7);
        var before = RecordedState.of(shop, order, sku);
        var deadBefore = deadLetters();

        var id = UUID.fromString(order);
        var lines = List.of(new EventLine(sku, 3));
        var total = new Total(new BigDecimal("60.00"), "EUR");
        var now = Instant.now();
        var created =
                new OrderCreated(
                        order + "/OrderCreated",
                        1,
                        now,
                        id,
                        1,
                        shop.customer(),
                        lines,
                        total,
                        null);
        var confirmed =
                new OrderConfirmed(
                        order + "/OrderConfirmed", 1, now, id, 2, shop.customer(), total, null);
        var shipped =
                new OrderShipped(
                        order + "/OrderShipped",
                        1,
                        now,
                        id,
                        3,
                        shop.customer(),
                        lines,
                        total,
                        null);
        for (int times = 0; times < 2; times++) {
            queues.send("fulfilment-requests", MessageEnvelopes.of(created));
            for (var event : List.of(confirmed, shipped)) {
                queues.send("order-progress", MessageEnvelopes.of(event));
                queues.send("notifications", MessageEnvelopes.of(event));
                queues.send("analytics", MessageEnvelopes.of(event));
            }
            queues.send("analytics", MessageEnvelopes.of(created));
            queues.send("stock-deductions", MessageEnvelopes.of(shipped));
            queues.send(
                    "shipping-requests",
                    MessageCodec.write(
                            new ArrangeShipment(
                                    "ArrangeShipment", 1, id, "token-of-nobody", null)));
        }

        for (var queue : QUEUES) {
            await(queue + " to be empty").until(() -> queues.depth(queue) == 0);
        }
        assertThat(deadLetters()).as("none of them was refused").isEqualTo(deadBefore);
        assertThat(RecordedState.of(shop, order, sku)).isEqualTo(before);
        assertThat(shop.order(order).path("needsAttention").booleanValue(false)).isFalse();
    }

    @Test
    void anInvalidMessageInABatchIsDeadLetteredAndTheOthersAreHandled() {
        var before = shop.ordersCounted();
        var poison = "{\"not\":\"an event\", \"marker\":\"" + UUID.randomUUID() + "\"}";
        var url = queues.url("analytics");
        queues.client()
                .sendMessageBatch(
                        batch ->
                                batch.queueUrl(url)
                                        .entries(
                                                entry("a", MessageEnvelopes.of(someOrder())),
                                                entry("b", poison),
                                                entry("c", MessageEnvelopes.of(someOrder()))));
        await().untilAsserted(
                        () -> assertThat(shop.ordersCounted()).isGreaterThanOrEqualTo(before + 2));
        var dead = new Message[1];
        await().until(
                        () -> {
                            for (var message : queues.peek("analytics-dlq")) {
                                if (message.body().equals(poison)) {
                                    dead[0] = message;
                                }
                            }
                            return dead[0] != null;
                        });
        assertThat(dead[0].messageAttributes().get("reason").stringValue())
                .startsWith("malformed message");
        assertThat(dead[0].messageAttributes().get("source-queue").stringValue())
                .isEqualTo("analytics");
    }

    @Test
    void anUnknownTypeAndANewerVersionAreDeadLettered() {
        var marker = UUID.randomUUID().toString();
        queues.send(
                "notifications",
                "{\"id\":\""
                        + marker
                        + "\",\"time\":\"2026-11-02T09:15:31Z\","
                        + "\"detail-type\":\"OrderTeleported\",\"detail\":{}}");
        queues.send(
                "order-progress",
                "{\"id\":\""
                        + marker
                        + "\",\"time\":\"2026-11-02T09:15:31Z\","
                        + "\"detail-type\":\"OrderConfirmed\",\"detail\":{\"schemaVersion\":2}}");
        await().until(
                        () ->
                                reasonsFor("notifications-dlq", marker)
                                        .contains("unknown message type OrderTeleported"));
        await().until(
                        () ->
                                reasonsFor("order-progress-dlq", marker)
                                        .contains("unknown version 2 of OrderConfirmed"));
    }

    /// The recorded state of an order at all services and external systems, which a second effect
    /// would change.
    private record RecordedState(
            String state,
            int charges,
            String net,
            long parcels,
            int onHand,
            int available,
            int mails) {

        static RecordedState of(ShopClient shop, String order, String sku) {
            var ledger = shop.gatewayLedger(order);
            return new RecordedState(
                    shop.order(order).path("state").stringValue(),
                    ledger.path("charges").intValue(),
                    ledger.path("net").asString(),
                    shop.bookings(order),
                    shop.stock(sku).path("onHand").intValue(),
                    shop.stock(sku).path("available").intValue(),
                    shop.mails().size());
        }
    }

    private OrderCreated someOrder() {
        var id = UUID.randomUUID();
        return new OrderCreated(
                id + "/OrderCreated",
                1,
                Instant.now(),
                id,
                1,
                shop.customer(),
                List.of(new EventLine("MUG-BLUE", 1)),
                new Total(new BigDecimal("12.50"), "EUR"),
                null);
    }

    private static SendMessageBatchRequestEntry entry(String id, String body) {
        return SendMessageBatchRequestEntry.builder().id(id).messageBody(body).build();
    }

    private List<String> reasonsFor(String deadLetterQueue, String marker) {
        return queues.peek(deadLetterQueue).stream()
                .filter(message -> message.body().contains(marker))
                .map(message -> message.messageAttributes().get("reason").stringValue())
                .toList();
    }

    private Map<String, Integer> deadLetters() {
        return QUEUES.stream()
                .map(queue -> queue + "-dlq")
                .collect(Collectors.toMap(Function.identity(), queues::depth));
    }
}
