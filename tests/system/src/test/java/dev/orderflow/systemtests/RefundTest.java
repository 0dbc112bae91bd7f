package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A captured amount is refunded in parts, as the runbook describes, and all services record it.
@ResourceLock(RunningSystem.SHARED)
class RefundTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final RunningSystem system = RunningSystem.shared();
    private final ShopClient shop = new ShopClient(system);
    private final String key = UUID.randomUUID().toString();

    @Test
    void aShippedOrderIsRefundedOnceAndTheAuditFindsNoViolation() throws Exception {
        var sku = shop.stocked("20.00", 5);
        var order = shop.order(sku, 2, ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        assertThat(shop.cancel(order).statusCode()).as("too late to cancel").isEqualTo(409);
        assertThat(problem(refund(order, "40.01", key + "-more"))).isEqualTo("amount-not-allowed");

        Callable<HttpResponse<String>> once = () -> refund(order, "40.00", key);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : callers.invokeAll(List.of(once, once, once, once))) {
                // A concurrent request is answered with Retry-After.
                assertThat(answer.get().statusCode()).isIn(200, 409);
            }
        }
        var repeated = refund(order, "40.00", key);
        assertThat(repeated.statusCode()).isEqualTo(200);
        assertThat(problem(refund(order, "40.00", key + "-other"))).isEqualTo("already-refunded");
        assertThat(problem(refund(order, "1.00", key))).isEqualTo("idempotency-key-reused");

        var ledger = shop.gatewayLedger(order);
        assertThat(ledger.path("charges").intValue()).isEqualTo(1);
        assertThat(ShopClient.sameAmount(ledger.path("captured"), "40.00")).isTrue();
        assertThat(ShopClient.sameAmount(ledger.path("net"), "0.00")).isTrue();
        assertThat(shop.payment(order).path("state").stringValue()).isEqualTo("REFUNDED");
        assertThat(shop.order(order).path("state").stringValue()).isEqualTo("SHIPPED");
        await().untilAsserted(() -> assertThat(audit(order)).isEmpty());
        // Sent to payment-service itself, and five times with one key.
        await().untilAsserted(
                        () ->
                                assertThat(trail(order))
                                        .contains(
                                                "payment-service adam REFUND_PAYMENT CUSTOMER_REQUEST: 40.00 EUR; done")
                                        .filteredOn(entry -> entry.endsWith("; done"))
                                        .hasSize(1));
    }

    private List<String> trail(String order) {
        return shop.internal(
                        "GET",
                        system.operations(),
                        "/internal/operations/audit-trail?subject=" + order,
                        JSON.createObjectNode())
                .path("entries")
                .valueStream()
                .map(
                        entry ->
                                "%s %s %s %s: %s"
                                        .formatted(
                                                entry.path("recordedBy").asString(),
                                                entry.path("operator").asString(),
                                                entry.path("action").asString(),
                                                entry.path("reason").asString(""),
                                                entry.path("detail").asString("")))
                .toList();
    }

    @Test
    void anAuthorizedPaymentIsVoidedAndCannotBeRefunded() {
        var order = shop.order(shop.stocked("1500.00", 1), 1, ShopClient.VISA);
        var workflows = new Workflows(system);
        await().until(
                        () ->
                                workflows.exists(order)
                                        && workflows.steps(order).contains("AwaitApproval"));
        assertThat(problem(refund(order, "1500.00", key))).isEqualTo("payment-not-captured");
        shop.cancel(order);
        shop.awaitState(order, "CANCELLED");
        assertThat(problem(refund(order, "1500.00", key))).isEqualTo("payment-not-captured");
        await().untilAsserted(() -> assertThat(audit(order)).isEmpty());
    }

    @Test
    void aRefundInTheDashboardOfTheGatewayIsFoundAndReducesTheRefundableAmount() {
        var order = shop.order(shop.stocked("12.50", 1), 1, ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        await().until(() -> audit(order).isEmpty());

        shop.refundInTheDashboard(order, 600);
        await().untilAsserted(
                        () ->
                                assertThat(audit(order).path(0).path("invariant").stringValue())
                                        .isEqualTo("PAYMENT_MATCHES_GATEWAY"));

        var refused = refund(order, "12.50", key);
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(problem(refused)).isEqualTo("amount-not-allowed");
        assertThat(JSON.readTree(refused.body()).at("/refundable/amount").stringValue())
                .isEqualTo("6.50");
        assertThat(ShopClient.sameAmount(shop.gatewayLedger(order).path("net"), "6.50"))
                .as("what was refused moved nothing")
                .isTrue();

        var rest = refund(order, "6.50", key + "-rest");
        assertThat(rest.statusCode()).as(rest.body()).isEqualTo(200);
        assertThat(JSON.readTree(rest.body()).at("/refundable/amount").stringValue())
                .isEqualTo("0.00");
        assertThat(ShopClient.sameAmount(shop.gatewayLedger(order).path("net"), "0.00")).isTrue();

        var taken =
                shop.internal(
                        "POST",
                        system.payments(),
                        "/internal/payments/" + order + "/gateway-state-adoption",
                        JSON.createObjectNode());
        assertThat(taken.at("/refunded/amount").stringValue()).isEqualTo("12.50");
        await().untilAsserted(() -> assertThat(audit(order)).isEmpty());
    }

    private HttpResponse<String> refund(String order, String amount, String idempotencyKey) {
        var request = JSON.createObjectNode().put("reason", "CUSTOMER_REQUEST");
        request.putObject("amount").put("amount", amount).put("currency", "EUR");
        return shop.send(
                "POST",
                system.payments(),
                "/internal/payments/" + order + "/refund",
                shop.internalHeaders(
                        "POST", "/internal/payments/" + order + "/refund", idempotencyKey),
                request.toString());
    }

    private static String problem(HttpResponse<String> answer) {
        var type = JSON.readTree(answer.body()).path("type").stringValue();
        return type.substring(type.lastIndexOf('/') + 1);
    }

    private JsonNode audit(String order) {
        return shop.internal(
                        "POST",
                        system.operations(),
                        "/internal/operations/audit",
                        JSON.createObjectNode().put("orderId", order))
                .path("violations");
    }
}
