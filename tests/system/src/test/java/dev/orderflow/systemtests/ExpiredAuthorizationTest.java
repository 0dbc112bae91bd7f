package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import tools.jackson.databind.json.JsonMapper;

/// An authorisation expires after some days; no parcel is dispatched with an expired one.
@ResourceLock(RunningSystem.SHARED)
class ExpiredAuthorizationTest {

    private final RunningSystem system = RunningSystem.shared();
    private final ShopClient shop = new ShopClient(system);
    private final Workflows workflows = new Workflows(system);

    @Test
    void anOrderWhoseAuthorizationExpiredDuringApprovalIsRejectedAndItsCustomerNotified() {
        var sku = shop.stocked("1500.00", 5);
        var order = shop.order(sku, 1, ShopClient.VISA);
        await().until(
                        () ->
                                workflows.exists(order)
                                        && workflows.steps(order).contains("AwaitApproval"));
        shop.endHold(order);
        var approved =
                shop.send(
                        "POST",
                        system.ordersInside(),
                        "/internal/approvals/" + order + "/decision",
                        shop.internalHeaders(
                                "POST",
                                "/internal/approvals/" + order + "/decision",
                                UUID.randomUUID().toString()),
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("decision", "APPROVE")
                                .put("note", "a known customer")
                                .toString());
        assertThat(approved.statusCode()).as(approved.body()).isLessThan(300);
        assertRejected(order, sku);
    }

    @Test
    void anOrderWhoseAuthorizationExpiredDuringACarrierOutageIsRejectedAndNotShipped() {
        var sku = shop.stocked("20.00", 5);
        shop.setCarrierAvailable(false);
        String order;
        try {
            order = shop.order(sku, 1, ShopClient.VISA);
            shop.awaitState(order, "DISPATCHING");
            shop.endHold(order);
        } finally {
            shop.setCarrierAvailable(true);
        }
        assertRejected(order, sku);
    }

    @Test
    void aPermanentlyRefusedCaptureFailsAtOnceAndIsNotRedrivable() {
        // The fault is for the next capture, which may not be that of an order of another test.
        workflows.awaitIdle();
        fault(
                "{\"mode\":\"refused\",\"code\":\"charge_expired_for_capture\","
                        + "\"on\":\"capture\",\"times\":1}");
        var order = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
        await().untilAsserted(
                        () ->
                                assertThat(
                                                shop.internal(
                                                                "GET",
                                                                system.ordersInside(),
                                                                "/internal/orders/" + order,
                                                                null)
                                                        .path("workItemReason")
                                                        .asString(""))
                                        .contains("CapturePayment")
                                        .contains("gateway: charge_expired_for_capture"));
        await().untilAsserted(
                        () -> {
                            var failed =
                                    shop.internal(
                                                    "GET",
                                                    system.operations(),
                                                    "/internal/operations/workflows/failed?limit=100",
                                                    null)
                                            .path("executions")
                                            .valueStream()
                                            .filter(
                                                    one ->
                                                            one.path("executionName")
                                                                    .asString("")
                                                                    .equals(order))
                                            .findFirst()
                                            .orElseThrow();
                            assertThat(failed.path("redrivable").booleanValue()).isFalse();
                            assertThat(failed.path("refusal").asString(""))
                                    .contains("the order has no authorisation any more");
                        });
    }

    private void fault(String body) {
        assertThat(
                        shop.send("PUT", system.gateway(), "/sandbox/faults", Map.of(), body)
                                .statusCode())
                .isEqualTo(200);
    }

    private void assertRejected(String order, String sku) {
        await().untilAsserted(
                        () -> {
                            var now = shop.order(order);
                            assertThat(now.path("state").stringValue()).isEqualTo("REJECTED");
                            assertThat(now.path("reason").stringValue())
                                    .isEqualTo("PAYMENT_EXPIRED");
                        });
        assertThat(shop.bookings(order)).isZero();
        assertThat(shop.payment(order).path("state").stringValue()).isEqualTo("VOIDED");
        assertThat(shop.gatewayLedger(order).path("authorized").stringValue()).isEqualTo("0.00");
        assertThat(workflows.ended(order).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        await().untilAsserted(
                        () -> {
                            assertThat(shop.stock(sku).path("reserved").intValue()).isZero();
                            assertThat(shop.mails()).contains("We could not complete your order");
                        });
    }
}
