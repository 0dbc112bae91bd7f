package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Orders that ship, are rejected, approved and cancelled.
abstract class OrderJourneys extends AuthorizationJourneys {

    @Test
    void anOrderShipsAndItsCustomerIsNotified() {
        var order = api.order(api.article("12.50", 10), 2, Api.VISA);
        api.awaitState(order, "SHIPPED");
        api.awaitTrue(
                "two e-mails",
                () ->
                        api.send(
                                                "GET",
                                                system.cloud().endpoint(),
                                                "/_aws/ses?email="
                                                        + api.customer()
                                                        + "@example.org",
                                                Map.of(),
                                                "")
                                        .path("messages")
                                        .size()
                                >= 2);
    }

    @Test
    void anOrderIsRejectedWhenThereIsNoStockAndWhenTheCardIsDeclined() {
        api.awaitState(api.order(api.article("12.50", 1), 2, Api.VISA), "REJECTED");
        api.awaitState(api.order(api.article("12.50", 1), 1, "pm_card_chargeDeclined"), "REJECTED");
    }

    /// The carrier does not deliver to that country, so shipping-service fails the workflow's task.
    @Test
    void anOrderIsRejectedWhenTheCarrierRefusesItsParcel() {
        var skus = List.of(api.article("12.50", 1));
        api.awaitState(api.order(skus, 1, Api.VISA, "AQ"), "REJECTED");
    }

    @Test
    void anOrderAboveTheLimitIsApproved() {
        var order = orderThatWaitsForApproval();
        api.internal(
                "POST",
                "order-service",
                "/internal/approvals/" + order + "/decision",
                """
                {"decision":"APPROVE","note":"known customer"}""");
        api.awaitState(order, "SHIPPED");
    }

    @Test
    void anOrderIsCancelledWhileItWaitsForApproval() {
        var order = orderThatWaitsForApproval();
        assertThat(
                        api.internal(
                                        "POST",
                                        "order-service",
                                        "/internal/orders/" + order + "/workflow/start",
                                        "")
                                .path("result")
                                .asString())
                .as("an operator starts a workflow that is already running")
                .isEqualTo("RUNNING");
        api.asCustomer("POST", "/orders/" + order + "/cancellation", "");
        api.awaitState(order, "CANCELLED");
    }

    /// The event exceeds the limit of the bus, and every consumer reads it from the bucket.
    @Test
    void theEventOfAnOrderWithManyLinesIsSentAsAClaimCheck() {
        var skus = new ArrayList<String>();
        for (int line = 0; line < 25; line++) {
            skus.add(api.article("2.00", 10));
        }
        api.awaitState(api.order(skus, 1, Api.VISA), "SHIPPED");
    }

    /// While the order waits, shipping-service sends heartbeats.
    @Test
    void anOrderWaitsForTheCarrierAndShips() {
        setCarrierAvailable("false");
        String order;
        try {
            order = api.order(api.article("12.50", 1), 1, Api.VISA);
            api.awaitTrue(
                    "a heartbeat", () -> isUsed("states:SendTaskHeartbeat", "order-workflow"));
        } finally {
            setCarrierAvailable("true");
        }
        api.awaitState(order, "SHIPPED");
    }

    private static void setCarrierAvailable(String available) {
        api.send(
                "PUT",
                system.carrier(),
                "/sandbox/availability",
                Map.of(),
                "{\"available\":%s}".formatted(available));
    }
}
