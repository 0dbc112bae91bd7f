package dev.orderflow.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.Total;
import dev.orderflow.defaults.fixture.SqsFixture;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

class FactListenerTest extends AnalyticsServiceFixture {

    @Test
    void aReceivedFactIsInTheSummary() {
        var shippedOne = UUID.randomUUID();
        var shippedTwo = UUID.randomUUID();
        var rejected = UUID.randomUUID();
        send(
                enveloped(created(shippedOne, "25.00")),
                enveloped(confirmed(shippedOne, "25.00")),
                enveloped(shipped(shippedOne, euros("25.00"))),
                enveloped(shipped(shippedTwo, new Total(new BigDecimal("3000"), "JPY"))),
                enveloped(created(rejected, "7.00")),
                enveloped(rejected(rejected, "7.00")),
                enveloped(cancelled(UUID.randomUUID(), "8.00")),
                enveloped(created(UUID.randomUUID(), "9.00")));
        await().until(() -> facts() == 8);
        var summary = summary();
        assertThat(summary.path("orders").toString())
                .isEqualTo("{\"CANCELLED\":1,\"PENDING\":1,\"REJECTED\":1,\"SHIPPED\":2}");
        assertThat(summary.path("revenue").toString())
                .isEqualTo("{\"EUR\":\"25.00\",\"JPY\":\"3000\"}");
        assertThat(sum("accepted")).isEqualTo(3);
        assertThat(sum("confirmed")).isEqualTo(1);
        assertThat(sum("shipped")).isEqualTo(2);
        assertThat(sum("rejected")).isEqualTo(1);
        assertThat(sum("cancelled")).isEqualTo(1);
        assertThat(summary.path("lagSeconds").doubleValue()).isBetween(400.0, 1000.0);
        assertThat(meters.timer("analytics.lag").max(TimeUnit.SECONDS)).isGreaterThan(500);
    }

    @Test
    void anUnreadableMessageIsRejectedAndTheRestOfItsBatchRecorded() {
        var good = new ArrayList<String>();
        for (int i = 0; i < 8; i++) {
            good.add(enveloped(created(UUID.randomUUID(), "5.00")));
        }
        var batch = new ArrayList<>(good);
        batch.add(3, "no json at all");
        batch.add(
                6,
                enveloped(created(UUID.randomUUID(), "5.00"))
                        .replace("OrderCreated", "OrderTeleported"));
        send(batch.toArray(String[]::new));
        await().until(() -> facts() == 8 && SqsFixture.depth(QUEUE) == 0);
        var reasons = new ArrayList<String>();
        await().until(
                        () -> {
                            SqsFixture.receiveAndDelete(QUEUE + "-dlq")
                                    .forEach(dead -> reasons.add(reason(dead)));
                            return reasons.size() == 2;
                        });
        assertThat(reasons)
                .anyMatch(reason -> reason.startsWith("malformed message"))
                .contains("unknown message type OrderTeleported");
    }

    @Test
    void anUnsuitableEventIsDeadLetteredWithTheReason() {
        var order = UUID.randomUUID();
        var good = enveloped(created(order, "5.00"));
        deadLettered(
                good.replace("\"schemaVersion\":1", "\"schemaVersion\":2"), "unknown version 2");
        deadLettered(good.replace("\"5.00\"", "\"5.0\""), "malformed message");
        deadLettered(good.replace("\"5.00\"", "\"-5.00\""), "malformed message");
        deadLettered(good.replace("\"5.00\"", "\"1e99999999\""), "malformed message");
        deadLettered(good.replace("EUR", "XXXX"), "malformed message");
        deadLettered(good.replace(order + "/OrderCreated", "forged"), "malformed message");
        deadLettered(good.replace("cust-1842", "a\\u0000b"), "malformed message");
        for (var when :
                List.of(
                        "+1000000000-01-01T00:00:00Z",
                        "1970-01-01T00:00:00Z",
                        "2999-01-01T00:00:00Z")) {
            deadLettered(
                    good.replace(START.toString(), when),
                    "occurredAt is outside the plausible range");
        }
        deadLettered(
                enveloped(
                        new OrderCancellationRequested(
                                OrderEvent.idOf(order, OrderCancellationRequested.class),
                                1,
                                START,
                                order,
                                2,
                                "cust-1842",
                                TRACE)),
                "not an analytics event: OrderCancellationRequested");
        deadLettered("{".repeat(5_000), "malformed message");
        assertThat(facts()).isZero();
    }

    @Test
    void aReplayChangesNeitherTheSummaryNorTheLag() {
        var order = UUID.randomUUID();
        send(enveloped(created(order, "5.00")), enveloped(shipped(order, euros("5.00"))));
        await().until(() -> facts() == 2);
        var before = projections();
        long measured = meters.timer("analytics.lag").count();
        send(
                replayed(shipped(order, euros("5.00"))),
                replayed(created(order, "5.00")),
                replayed(shipped(order, euros("5.00"))));
        await().until(() -> SqsFixture.depth(QUEUE) == 0);
        assertThat(projections()).isEqualTo(before);
        assertThat(facts()).isEqualTo(2);
        // After the tables are lost, the archive produces the same projections.
        resetState();
        send(replayed(shipped(order, euros("5.00"))), replayed(created(order, "5.00")));
        await().until(() -> facts() == 2 && SqsFixture.depth(QUEUE) == 0);
        assertThat(projections()).isEqualTo(before);
        assertThat(summary().has("lagSeconds")).isFalse();
        assertThat(meters.timer("analytics.lag").count()).isEqualTo(measured);
    }

    private long sum(String what) {
        long sum = 0;
        for (var minute : summary().path("perMinute")) {
            sum += minute.path(what).longValue();
        }
        return sum;
    }

    private static void deadLettered(String body, String reason) {
        SqsFixture.send(QUEUE, body);
        var dead =
                await().until(
                                () -> SqsFixture.receiveAndDelete(QUEUE + "-dlq"),
                                messages -> !messages.isEmpty())
                        .getFirst();
        assertThat(dead.body()).isEqualTo(body);
        assertThat(reason(dead)).startsWith(reason);
    }

    private static String reason(Message dead) {
        return dead.messageAttributes().get("reason").stringValue();
    }

    /// Sends messages in one request, so that they are received together.
    private static void send(String... bodies) {
        var sqs = SqsFixture.client();
        var url = sqs.getQueueUrl(get -> get.queueName(QUEUE)).queueUrl();
        var entries = new ArrayList<SendMessageBatchRequestEntry>();
        for (var body : bodies) {
            entries.add(
                    SendMessageBatchRequestEntry.builder()
                            .id("m" + entries.size())
                            .messageBody(body)
                            .build());
        }
        assertThat(sqs.sendMessageBatch(batch -> batch.queueUrl(url).entries(entries)).failed())
                .isEmpty();
    }
}
