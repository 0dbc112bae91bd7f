package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;

/// An outage of the carrier, measured in cloud time.
final class CarrierOutageScenario {

    private static final int ORDERS = 8;

    private final RunningSystem system = RunningSystem.hurried();
    private final ShopClient shop = new ShopClient(system);
    private final Queues queues = new Queues(system);
    private final Alarms alarms = new Alarms(system);
    private final Workflows workflows = new Workflows(system);

    /// Orders that are placed during the outage wait, and each ships once after it.
    void everyOrderWaitsItOutAndShipsOnce(int minutes) {
        var sku = shop.stocked("20.00", ORDERS);
        int deadBefore = queues.deadLetters();
        shop.setCarrierAvailable(false);
        List<String> orders;
        try {
            orders = placeOrdersAndWait(sku, minutes, deadBefore);
        } finally {
            shop.setCarrierAvailable(true);
        }

        orders.forEach(order -> shop.awaitState(order, "SHIPPED"));
        await().until(() -> shop.shippingGauge("shipments.circuit.open") == 0);
        await().until(() -> shop.shippingGauge("shipments.waiting") == 0);
        assertThat(orders)
                .allSatisfy(
                        order -> {
                            assertThat(shop.bookings(order)).isEqualTo(1);
                            var ledger = shop.gatewayLedger(order);
                            assertThat(ledger.path("charges").intValue()).isEqualTo(1);
                            assertThat(ShopClient.sameAmount(ledger.path("net"), "20.00")).isTrue();
                        });
        alarms.awaitOk("shipments-circuit-open");
        alarms.awaitOk("shipments-waiting");
        await().until(() -> shop.stock(sku).path("onHand").intValue() == 0);
        assertThat(queues.deadLetters()).isEqualTo(deadBefore);
    }

    private List<String> placeOrdersAndWait(String sku, int minutes, int deadBefore) {
        var since = Instant.now();
        var orders =
                Stream.generate(() -> shop.order(sku, 1, ShopClient.VISA)).limit(ORDERS).toList();
        orders.forEach(order -> shop.awaitState(order, "DISPATCHING"));

        await().until(() -> shop.shippingGauge("shipments.circuit.open") == 1);
        await().until(() -> shop.shippingGauge("shipments.waiting") == ORDERS);
        await("the outage to have lasted for %d minutes".formatted(minutes))
                .atMost(RunningSystem.TIMEOUT.plusSeconds(minutes))
                .until(
                        () ->
                                Duration.between(since, Instant.now())
                                                .multipliedBy(RunningSystem.HURRY)
                                                .toMinutes()
                                        >= minutes);

        assertThat(queues.deadLetters()).as("receives are not used up").isEqualTo(deadBefore);
        assertThat(shop.shippingGauge("shipments.waiting")).isEqualTo(ORDERS);
        assertThat(orders)
                .allSatisfy(
                        order -> {
                            assertThat(workflows.status(order)).isEqualTo(ExecutionStatus.RUNNING);
                            assertThat(heartbeatsMissed(order)).isZero();
                            assertThat(shop.bookings(order)).isZero();
                        });

        alarms.awaitAlarm("shipments-circuit-open");
        return orders;
    }

    private long heartbeatsMissed(String order) {
        return workflows.history(order).stream()
                .filter(event -> event.type() == HistoryEventType.TASK_TIMED_OUT)
                .filter(
                        event ->
                                event.taskTimedOutEventDetails()
                                        .resource()
                                        .startsWith("sendMessage"))
                .count();
    }
}
