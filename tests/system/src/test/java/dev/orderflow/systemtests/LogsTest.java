package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// No log contains personal data, payment methods or keys.
@ResourceLock(RunningSystem.SHARED)
class LogsTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final ShopClient shop = new ShopClient();

    /// A value that occurs nowhere else, so that every occurrence in the log is a leak.
    private final String planted = "planted" + UUID.randomUUID().toString().replace("-", "");

    @Test
    void noPersonalDataCardOrKeyIsLogged() {
        var sku = shop.stocked("10.00", 100);
        var good = ordered(personal(sku, ShopClient.VISA));
        var declined = ordered(personal(sku, "pm_card_chargeDeclined"));
        var unheardOf = ordered(personal(sku, "pm_" + planted));
        refused(personal("SKU-UNKNOWN", ShopClient.VISA).toString());
        refused(personal(sku, ShopClient.VISA).put("surprise", planted).toString());
        refused(personal(sku, ShopClient.VISA).put("lines", planted).toString());
        refused("{\"email\":\"" + planted + "@example.org\"");
        refusedAt("/orders/" + planted + "@example.org/cancellation");
        var poisoned = poisonEveryQueue();
        var wrongKey =
                shop.send(
                        "POST",
                        RunningSystem.shared().inventory(),
                        "/internal/reservations",
                        Map.of("X-Api-Key", planted, "Idempotency-Key", planted),
                        "{}");
        assertThat(wrongKey.statusCode()).isEqualTo(403);

        shop.awaitState(good, "SHIPPED");
        shop.awaitState(declined, "REJECTED");
        shop.awaitState(unheardOf, "REJECTED");
        await().untilAsserted(
                        () ->
                                assertThat(poisoned)
                                        .allMatch(
                                                queue ->
                                                        RunningSystem.log().stream()
                                                                .anyMatch(
                                                                        line ->
                                                                                line.contains(
                                                                                                "message["
                                                                                                        + queue
                                                                                                        + " ")
                                                                                        && line
                                                                                                .contains(
                                                                                                        "dead-letter queue"))));
        var log = RunningSystem.log();
        assertThat(log).as("the log is read").anyMatch(line -> line.contains("order=" + good));
        assertThat(log)
                .filteredOn(
                        line ->
                                line.contains(planted)
                                        || line.contains("@example.org")
                                        || line.contains("pm_card")
                                        || line.contains("sk_test_sandbox")
                                        || line.contains(RunningSystem.shared().internalApiKey()))
                .isEmpty();
    }

    private List<String> poisonEveryQueue() {
        var queues = RunningSystem.queueNames();
        var poison =
                JSON.createObjectNode()
                        .put("detail-type", planted)
                        .put("command", planted)
                        .put("orderId", planted)
                        .put("email", planted + "@example.org")
                        .toString();
        try (var sqs = RunningSystem.shared().client(SqsClient.builder())) {
            for (var queue : queues) {
                var url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
                sqs.sendMessage(send -> send.queueUrl(url).messageBody(poison));
            }
        }
        return queues;
    }

    private String ordered(ObjectNode body) {
        var answer = shop.place(UUID.randomUUID().toString(), body);
        assertThat(answer.statusCode()).isEqualTo(201);
        return JSON.readTree(answer.body()).path("orderId").stringValue();
    }

    private void refused(String body) {
        var answer =
                shop.send(
                        "POST",
                        RunningSystem.shared().orders(),
                        "/orders",
                        Map.of(
                                "Authorization",
                                shop.authorization(),
                                "Idempotency-Key",
                                UUID.randomUUID().toString()),
                        body);
        assertThat(answer.statusCode()).isBetween(400, 499);
    }

    private void refusedAt(String path) {
        var answer =
                shop.send(
                        "POST",
                        RunningSystem.shared().orders(),
                        path,
                        Map.of("Authorization", shop.customer()),
                        "");
        assertThat(answer.statusCode()).isBetween(400, 499);
    }

    private ObjectNode personal(String sku, String paymentMethodId) {
        var body = shop.body(sku, 1, paymentMethodId);
        body.put("email", planted + "@example.org");
        body.putObject("shippingAddress")
                .put("recipient", "Ada " + planted)
                .put("street", "12 " + planted + " Square")
                .put("postalCode", "SW1Y 4JH")
                .put("city", planted)
                .put("country", "GB");
        return body;
    }
}
