package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import tools.jackson.databind.JsonNode;

@ResourceLock(RunningSystem.SHARED)
class OrderJourneyTest {

    private final ShopClient shop = new ShopClient();

    @Test
    void anOrderShipsAndAllServicesAgree() {
        var sku = shop.stocked("12.50", 10);
        var before = shop.analytics();

        var order = shop.order(sku, 2, ShopClient.VISA);
        assertThat(shop.order(order).path("total").path("amount").stringValue()).isEqualTo("25.00");
        var shipped = shop.awaitState(order, "SHIPPED");

        assertThat(whatHappened(shipped))
                .startsWith("OrderPlaced")
                .contains("OrderConfirmed", "OrderShipped");
        var charged = shop.gatewayLedger(order);
        assertThat(charged.path("charges").intValue()).isEqualTo(1);
        assertThat(ShopClient.sameAmount(charged.path("captured"), "25.00")).isTrue();
        assertThat(ShopClient.sameAmount(charged.path("net"), "25.00")).isTrue();
        assertThat(shop.payment(order).path("state").stringValue()).isEqualTo("CAPTURED");
        assertThat(shop.bookings(order)).isEqualTo(1);
        await().untilAsserted(
                        () -> {
                            assertThat(shop.reservation(order).path("state").stringValue())
                                    .isEqualTo("FULFILLED");
                            assertThat(shop.stock(sku).path("onHand").intValue()).isEqualTo(8);
                            assertThat(shop.stock(sku).path("reserved").intValue()).isZero();
                            assertThat(shop.stock(sku).path("available").intValue()).isEqualTo(8);
                        });
        await().untilAsserted(() -> assertThat(shop.mails()).hasSize(2));
        await().untilAsserted(
                        () ->
                                assertThat(
                                                shop.analytics()
                                                        .path("orders")
                                                        .path("SHIPPED")
                                                        .longValue(0))
                                        .isGreaterThan(
                                                before.path("orders")
                                                        .path("SHIPPED")
                                                        .longValue(0)));
    }

    @Test
    void theHappyPathIsAtMostEightBilledTransitions() {
        var order = shop.order(shop.stocked("9.99", 1), 1, ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        var workflows = new Workflows(RunningSystem.shared());
        assertThat(workflows.ended(order).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        int entered = workflows.steps(order).size();
        assertThat(entered).isPositive();
        // The start is a transition too, and so would be every retry.
        assertThat(entered + 1).isLessThanOrEqualTo(8);
    }

    @Test
    void anOrderThatIsOutOfStockIsRejectedAndNotCharged() {
        var sku = shop.stocked("49.90", 1);
        var order = shop.order(sku, 2, ShopClient.VISA);
        var rejected = shop.awaitState(order, "REJECTED");

        assertThat(rejected.path("reason").asString()).isEqualTo("OUT_OF_STOCK");
        assertThat(shop.gatewayLedger(order).path("charges").intValue(-1)).isZero();
        assertThat(shop.stock(sku).path("available").intValue()).isEqualTo(1);
        assertThat(shop.bookings(order)).isZero();
        await().untilAsserted(() -> assertThat(shop.mails()).hasSize(1));
    }

    @Test
    void aDeclinedCardRejectsTheOrderAndReleasesItsStock() {
        var sku = shop.stocked("49.90", 3);
        var order = shop.order(sku, 2, "pm_card_chargeDeclined");
        var rejected = shop.awaitState(order, "REJECTED");

        assertThat(rejected.path("reason").asString()).isEqualTo("PAYMENT_DECLINED");
        assertThat(ShopClient.sameAmount(shop.gatewayLedger(order).path("net"), "0.00")).isTrue();
        assertThat(shop.reservation(order).path("state").stringValue()).isEqualTo("RELEASED");
        assertThat(shop.stock(sku).path("available").intValue()).isEqualTo(3);
        assertThat(shop.stock(sku).path("reserved").intValue()).isZero();
    }

    @Test
    void aPaymentWhoseResponseIsLostIsChargedOnce() {
        var sku = shop.stocked("30.00", 5);
        var order = shop.order(sku, 1, "pm_card_answerLost");
        shop.awaitState(order, "SHIPPED");

        var charged = shop.gatewayLedger(order);
        assertThat(charged.path("charges").intValue()).isEqualTo(1);
        assertThat(ShopClient.sameAmount(charged.path("net"), "30.00")).isTrue();
    }

    @Test
    void ofTwoOrdersForTheLastOneExactlyOneShips() {
        var sku = shop.stocked("15.00", 1);
        var orders =
                IntStream.range(0, 4).mapToObj(_ -> shop.order(sku, 1, ShopClient.VISA)).toList();
        await().untilAsserted(
                        () ->
                                assertThat(orders)
                                        .allMatch(
                                                order ->
                                                        List.of("SHIPPED", "REJECTED")
                                                                .contains(
                                                                        shop.order(order)
                                                                                .path("state")
                                                                                .stringValue())));
        assertThat(orders)
                .filteredOn(
                        order -> shop.order(order).path("state").stringValue().equals("SHIPPED"))
                .hasSize(1);
        await().until(() -> shop.stock(sku).path("onHand").intValue() == 0);
        assertThat(shop.stock(sku).path("available").intValue()).isZero();
    }

    @Test
    void anotherCustomersOrderIsNotFound() {
        var order = shop.order(shop.stocked("5.00", 1), 1, ShopClient.VISA);
        assertThat(new ShopClient().order(order).path("status").intValue()).isEqualTo(404);
    }

    private static List<String> whatHappened(JsonNode order) {
        return StreamSupport.stream(order.path("timeline").spliterator(), false)
                .map(entry -> entry.path("type").asString())
                .toList();
    }
}
