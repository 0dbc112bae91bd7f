package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/// Alarms of payments and of the audit.
@ResourceLock(RunningSystem.HURRIED)
abstract class PaymentAlarms extends AlarmScenarios {

    @Test
    void aReusedPaymentKeyRaisesItsAlarm() {
        var order = UUID.randomUUID().toString();
        assertThat(authorize(order, "20.00")).isEqualTo(201);
        assertThat(authorize(order, "99.00")).isEqualTo(422);
        raised("payments-key-reused").with("order", order).look();
        returns("payments-key-reused");
    }

    @Test
    void anUnknownPaymentOutcomeRaisesItsAlarm() {
        var order = UUID.randomUUID().toString();
        gateway("{\"mode\":\"answerLost\",\"on\":\"confirm\"}");
        try (var _ =
                RunningSystem.gatewayInterceptor().refuse(503, "{}", "GET /v1/payment_intents/")) {
            assertThat(attemptToAuthorize(order, "20.00").statusCode()).isEqualTo(503);
            lasting("payments-unknown").with("order", order).look();
        } finally {
            gateway("{\"mode\":\"none\"}");
        }
        returns("payments-unknown");
    }

    /// The payment is refunded and cancelled at the gateway.
    @Test
    void aContradictingGatewayRaisesItsAlarm() {
        var order = shop.order(shop.stocked("49.90", 5), 1, ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        var runbook =
                runbooks.named("payments.md").with("order", order).with("captured-order", order);
        var refund = "./orderflow payments refund <captured-order> --amount 20.00";
        try (var _ =
                RunningSystem.gatewayInterceptor()
                        .rewriteResponses(
                                answer ->
                                        answer.replace(
                                                "\"status\":\"succeeded\"",
                                                "\"status\":\"canceled\""),
                                "/v1/payment_intents/" + shop.intent(order))) {
            runbook.attempt(refund);
            raised("payments-contradictions");
            runbook.look();
        }
        await().until(() -> runbook.attempt(refund).isFine());
        runbook.run(refund + " --key");
        returns("payments-contradictions");
        await().until(
                        () ->
                                ShopClient.sameAmount(
                                        shop.payment(order).path("refunded").path("amount"),
                                        "40.00"));
    }

    /// Payments are changed without their orders, in each way that the runbook of the audit
    /// repairs.
    @Test
    void violationsOfPaymentsRaiseTheirAlarm() {
        var refundedOutside = shipped();
        var refundedOutsideToo = shipped();
        shop.refundInTheDashboard(refundedOutside, 2000);
        shop.refundInTheDashboard(refundedOutsideToo, 2000);
        var unwanted = rejected();
        assertThat(authorize(unwanted, "49.90")).isEqualTo(201);
        var captured = rejected();
        assertThat(authorize(captured, "49.90")).isEqualTo(201);
        var money = JSON.createObjectNode();
        money.putObject("amount").put("amount", "49.90").put("currency", "EUR");
        shop.internal(
                "POST", system.payments(), "/internal/payments/" + captured + "/capture", money);
        var dispatched = withRefusedCapture();

        var runbook = forOrder(runbooks.named("audit-violation.md"), refundedOutside);
        assertThat(runbook.run("./orderflow audit --now --order"))
                .contains("PAYMENT_MATCHES_GATEWAY");
        lasting("audit-violations");
        runbook.with("authorised-order", dispatched).run("./orderflow payments capture");
        runbook.with("unwanted-order", unwanted).run("./orderflow payments void");
        runbook.with("captured-order", captured).run("./orderflow payments refund");
        runbook.run("./orderflow payments adopt");
        runbook.with("order-without-parcel", reserved()).run("./orderflow stock release");
        runbooks.named("payments.md")
                .with("order", refundedOutsideToo)
                .run("./orderflow payments adopt");
        runbooks.named("workflow-failed.md")
                .with("group", failedGroup(dispatched))
                .run("./orderflow workflows redrive --group <group> --canary");
        shop.awaitState(dispatched, "SHIPPED");
        returns("audit-violations");
    }

    private static String shipped() {
        var order = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        return order;
    }

    /// The half hour is measured by the clock of the database, which cannot be accelerated.
    /// Therefore the test publishes the datapoints that operations-console would publish after half
    /// an hour without a response of a service.
    @Test
    void aLateAuditRaisesItsAlarm() {
        var metric = alarms.get("audit-lag");
        await().atMost(AlarmSubscriber.TIMEOUT)
                .until(
                        () -> {
                            alarms.publish(
                                    metric.namespace(),
                                    metric.metricName(),
                                    metric.dimensions().stream()
                                            .collect(
                                                    Collectors.toMap(
                                                            Dimension::name, Dimension::value)),
                                    1_860);
                            return alarms.get("audit-lag").stateValue() == StateValue.ALARM;
                        });
        raised("audit-lag").look();
        returns("audit-lag");
    }
}
