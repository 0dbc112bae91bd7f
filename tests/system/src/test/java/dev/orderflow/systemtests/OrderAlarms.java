package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.OrderRejected.OrderRejectionReason;
import dev.orderflow.contracts.Total;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/// Alarms of approvals, reports, shipments, e-mails and the keys of personal data.
@ResourceLock(RunningSystem.HURRIED)
abstract class OrderAlarms extends AlarmScenarios {

    @Test
    void overdueReservationsAndUndeliveredDecisionsRaiseTheirAlarms() {
        var approved = waiting();
        var rejected = waiting();
        var refusal = "{\"__type\":\"AccessDeniedException\",\"message\":\"not allowed\"}";
        try (var _ =
                RunningSystem.cloudInterceptor()
                        .refuse(400, refusal, "AWSStepFunctions.SendTaskSuccess", "APPROVE")) {
            runbooks.named("approvals.md")
                    .with("order", approved)
                    .with("other-order", rejected)
                    .look();
            raised("approvals-decisions-send-failed");
            raised("inventory-reservations-overdue");
        }
        shop.awaitState(approved, "SHIPPED");
        shop.awaitState(rejected, "REJECTED");
        returns("approvals-decisions-send-failed", "inventory-reservations-overdue");
    }

    /// Places an order above the approval limit.
    private static String waiting() {
        var order = shop.order(shop.stocked("1500.00", 1), 1, ShopClient.VISA);
        await().until(
                        () ->
                                shop.internal(
                                                "GET",
                                                system.ordersInside(),
                                                "/internal/approvals",
                                                null)
                                        .toString()
                                        .contains(order));
        return order;
    }

    @Test
    void outOfOrderReportsRaiseTheirAlarms() {
        var order = shop.order(shop.stocked("49.90", 1), 1, ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        queues.send(
                "order-progress",
                MessageEnvelopes.of(
                        new OrderRejected(
                                order + "/OrderRejected",
                                1,
                                Instant.now(),
                                UUID.fromString(order),
                                3,
                                shop.customer(),
                                OrderRejectionReason.SHIPMENT_REJECTED,
                                new Total(new BigDecimal("49.90"), "EUR"),
                                null)));
        var runbook = forOrder(raised("orders-reports-out-of-order"), order);
        runbook.look();
        runbook.with("captured-order", order).run("./orderflow payments refund");
        runbook.with("order-without-parcel", reserved()).run("./orderflow stock release");
        resolveWorkItem(order);

        queues.send(
                "shipping-cancellations",
                MessageEnvelopes.of(
                        new OrderCancellationRequested(
                                order + "/OrderCancellationRequested",
                                1,
                                Instant.now(),
                                UUID.fromString(order),
                                3,
                                shop.customer(),
                                null)));
        forOrder(raised("shipments-out-of-order"), order).look();
        returns("orders-reports-out-of-order", "shipments-out-of-order");
    }

    @Test
    void anOutageOfTheCarrierRaisesItsAlarm() {
        var sku = shop.stocked("20.00", 5);
        List<String> orders;
        shop.setCarrierAvailable(false);
        try {
            orders = Stream.generate(() -> shop.order(sku, 1, ShopClient.VISA)).limit(3).toList();
            lasting("shipments-circuit-open").look();
            lasting("shipments-waiting");
        } finally {
            shop.setCarrierAvailable(true);
        }
        orders.forEach(order -> shop.awaitState(order, "SHIPPED"));
        returns("shipments-circuit-open", "shipments-waiting");
    }

    @Test
    void anEmailWithUnknownStatusRaisesItsAlarm() {
        var recipient = new ShopClient(system);
        String order;
        try (var _ =
                RunningSystem.cloudInterceptor()
                        .loseResponses("Action=SendEmail", recipient.customer())) {
            order = recipient.order(recipient.stocked("20.00", 5), 1, ShopClient.VISA);
            recipient.awaitState(order, "SHIPPED");
            lasting("notifications-unknown");
            await().until(() -> unknownMails(order).size() == 2);
        }
        assertThat(recipient.mails()).as("they left").hasSize(2);
        var runbook =
                forOrder(runbooks.named("notifications.md"), order)
                        .with("domain", "example.org")
                        .with("day", "2026-11-28")
                        .with("address", recipient.email());
        runbook.look();
        for (var mail : unknownMails(order)) {
            runbook.with("event", mail.path("eventType").asString())
                    .run("./orderflow notifications resolve");
        }
        runbook.run(
                "aws sesv2 get-email-identity --email-identity <domain> --query VerificationStatus");
        runbook.run("aws sesv2 list-suppressed-destinations");
        runbook.run("aws sesv2 delete-suppressed-destination");
        runbook.run("aws sesv2 get-email-identity --email-identity <domain> --query '[Dkim");
        runbook.run("aws sesv2 put-configuration-set-sending-options");
        returns("notifications-unknown");
    }

    private static List<JsonNode> unknownMails(String order) {
        return shop.internal("GET", system.notifications(), "/internal/notifications", null)
                .path("notifications")
                .valueStream()
                .filter(mail -> mail.path("orderId").asString().equals(order))
                .toList();
    }

    /// A new data key can be generated but not stored, so it is not used.
    @Test
    void aDataKeyThatCannotBeRenewedRaisesItsAlarm() {
        var sku = shop.stocked("20.00", RunningSystem.SEALED_BY_A_KEY);
        system.inOrdersDatabase("REVOKE INSERT ON data_key FROM CURRENT_USER");
        try {
            for (int sealed = 0; sealed <= RunningSystem.SEALED_BY_A_KEY / 2; sealed++) {
                shop.order(sku, 1, ShopClient.VISA);
            }
            lasting("personal-data-key-renewal-overdue").look();
        } finally {
            system.inOrdersDatabase("GRANT INSERT ON data_key TO CURRENT_USER");
        }
        returns("personal-data-key-renewal-overdue");
    }
}
