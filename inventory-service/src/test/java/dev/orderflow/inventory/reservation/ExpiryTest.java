package dev.orderflow.inventory.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.inventory.OrderServiceStandIn;
import dev.orderflow.inventory.RunningInventory;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

class ExpiryTest extends RunningInventory {

    @Autowired private Expiry expiry;

    @ParameterizedTest
    @ValueSource(strings = {"REJECTED", "CANCELLED"})
    void anOrderThatIsOverGivesItsStockBack(String state) {
        var sku = stocked(5);
        var order = overdue(sku, 2);
        OrderServiceStandIn.says(order, state);
        expiry.look();
        assertThat(status(order)).isEqualTo("EXPIRED");
        assertThat(available(sku)).isEqualTo(5);
        assertThat(reserve(order, sku, 2).problem()).isEqualTo("reservation-expired");
        assertThat(release(order).status()).isEqualTo(200);
        assertThat(available(sku)).isEqualTo(5);
    }

    /// The last six are answers that do not say the order is over: waiting out a shipping
    /// outage, shipped already, of a newer order-service, a failure, no JSON, and 404.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PENDING",
                "CONFIRMED",
                "DISPATCHING",
                "CANCEL_REQUESTED",
                "SHIPPED",
                "ARCHIVED",
                "BROKEN",
                "GARBLED",
                ""
            })
    void anOrderThatIsNotSaidToBeOverKeepsItsStock(String state) {
        var sku = stocked(5);
        var order = overdue(sku, 2);
        if (!state.isEmpty()) {
            OrderServiceStandIn.says(order, state);
        }
        expiry.look();
        assertThat(OrderServiceStandIn.questionsAbout(order)).isEqualTo(1);
        assertThat(status(order)).isEqualTo("HELD");
        assertThat(available(sku)).isEqualTo(3);
        assertThat(meters.get("inventory.reservations.overdue").gauge().value()).isPositive();
    }

    @Test
    void nobodyAsksBeforeTheTimeIsUpNorAgainAtOnce() {
        var sku = stocked(5);
        var early = UUID.randomUUID();
        reserve(early, sku, 1);
        var late = overdue(sku, 1);
        OrderServiceStandIn.says(early, "REJECTED");
        OrderServiceStandIn.says(late, "CONFIRMED");
        expiry.look();
        expiry.look();
        assertThat(OrderServiceStandIn.questionsAbout(early)).isZero();
        assertThat(OrderServiceStandIn.questionsAbout(late)).isEqualTo(1);
        assertThat(available(sku)).isEqualTo(3);
    }

    @Test
    void instancesThatLookAtTheSameMomentAskOnceAndGiveBackOnce() throws Exception {
        var sku = stocked(30);
        var orders = times(30, _ -> overdue(sku, 1));
        orders.forEach(order -> OrderServiceStandIn.says(order, "REJECTED"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var look : times(6, _ -> threads.submit(expiry::look))) {
                look.get();
            }
        }
        assertThat(orders)
                .allSatisfy(
                        order ->
                                assertThat(List.of(status(order), questions(order)))
                                        .containsExactly("EXPIRED", "1"));
        assertThat(available(sku)).isEqualTo(30);
    }

    private static String questions(UUID order) {
        return Integer.toString(OrderServiceStandIn.questionsAbout(order));
    }

    private UUID overdue(String sku, int quantity) {
        var order = UUID.randomUUID();
        reserve(order, sku, quantity);
        jdbc.sql(
                        """
                        UPDATE reservation SET expires_at = now() - interval '1 s', ask_at = now() - interval '1 s'
                        WHERE order_id = :order
                        """)
                .param("order", order)
                .update();
        return order;
    }
}
