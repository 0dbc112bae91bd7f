package dev.orderflow.inventory.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.RefusedWrites;
import dev.orderflow.inventory.InventoryServiceFixture;
import dev.orderflow.inventory.OrderStateStub;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ReservationExpirySchedulerTest extends InventoryServiceFixture {

    @Autowired private ReservationExpiryScheduler expiry;

    @ParameterizedTest
    @ValueSource(strings = {"REJECTED", "CANCELLED"})
    void theStockOfAFinalOrderIsReturned(String state) {
        var sku = createArticle(5);
        var order = overdue(sku, 2);
        OrderStateStub.setState(order, state);
        expiry.expireOverdue();
        assertThat(state(order)).isEqualTo("EXPIRED");
        assertThat(available(sku)).isEqualTo(5);
        assertThat(reserve(order, sku, 2).problem()).isEqualTo("reservation-expired");
        assertThat(release(order).status()).isEqualTo(200);
        assertThat(available(sku)).isEqualTo(5);
    }

    /// Responses that do not report an ended order, among them a state of a newer order-service,
    /// a 500, a response that is not JSON, and a 404.
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
    void anOrderThatIsNotReportedAsFinalKeepsItsStock(String state) {
        var sku = createArticle(5);
        var order = overdue(sku, 2);
        if (!state.isEmpty()) {
            OrderStateStub.setState(order, state);
        }
        expiry.expireOverdue();
        assertThat(OrderStateStub.countRequests(order)).isEqualTo(1);
        assertThat(state(order)).isEqualTo("RESERVED");
        assertThat(available(sku)).isEqualTo(3);
        assertThat(meters.get("inventory.reservations.overdue").gauge().value()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"BROKEN, answered 500", "GARBLED, unreadable answer", "'', answered 404"})
    void theLogSaysInWordsWhyTheStateIsUnknown(String state, String reason, CapturedOutput output) {
        var order = overdue(createArticle(5), 2);
        if (!state.isEmpty()) {
            OrderStateStub.setState(order, state);
        }
        LoggingSystem.get(getClass().getClassLoader())
                .setLogLevel("dev.orderflow.inventory.orders", LogLevel.INFO);
        expiry.expireOverdue();
        assertThat(output)
                .contains(
                        "order %s: cannot read its state from order-service: %s"
                                .formatted(order, reason));
    }

    @Test
    void anOrderIsCheckedNeitherBeforeItsExpiryNorAgainAtOnce() {
        var sku = createArticle(5);
        var early = UUID.randomUUID();
        reserve(early, sku, 1);
        var late = overdue(sku, 1);
        OrderStateStub.setState(early, "REJECTED");
        OrderStateStub.setState(late, "CONFIRMED");
        expiry.expireOverdue();
        expiry.expireOverdue();
        assertThat(OrderStateStub.countRequests(early)).isZero();
        assertThat(OrderStateStub.countRequests(late)).isEqualTo(1);
        assertThat(available(sku)).isEqualTo(3);
    }

    @Test
    void anOrderThatCannotBeExpiredDelaysNoOther(CapturedOutput output) {
        var sku = createArticle(9);
        var orders = times(9, _ -> overdue(sku, 1));
        orders.forEach(order -> OrderStateStub.setState(order, "REJECTED"));
        var refused = orders.get(4);
        try (var _ =
                RefusedWrites.of(
                        jdbc,
                        "23514",
                        "UPDATE",
                        "reservation",
                        "NEW.state = 'EXPIRED' AND NEW.order_id = '%s'".formatted(refused))) {
            expiry.expireOverdue();
        }
        assertThat(orders)
                .allSatisfy(
                        order ->
                                assertThat(state(order))
                                        .isEqualTo(order.equals(refused) ? "RESERVED" : "EXPIRED"));
        assertThat(output)
                .contains(
                        "order %s: checking its overdue reservation failed; retrying in a later run"
                                .formatted(refused));
    }

    @Test
    void concurrentInstancesCheckEachOrderOnce() throws Exception {
        var sku = createArticle(30);
        var orders = times(30, _ -> overdue(sku, 1));
        orders.forEach(order -> OrderStateStub.setState(order, "REJECTED"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var check : times(6, _ -> threads.submit(expiry::expireOverdue))) {
                check.get();
            }
        }
        assertThat(orders)
                .allSatisfy(
                        order ->
                                assertThat(List.of(state(order), requestCount(order)))
                                        .containsExactly("EXPIRED", "1"));
        assertThat(available(sku)).isEqualTo(30);
    }

    private static String requestCount(UUID order) {
        return Integer.toString(OrderStateStub.countRequests(order));
    }

    private UUID overdue(String sku, int quantity) {
        var order = UUID.randomUUID();
        reserve(order, sku, quantity);
        jdbc.sql(
                        """
                        UPDATE reservation SET expires_at = now() - interval '1 s', next_check_at = now() - interval '1 s'
                        WHERE order_id = :order
                        """)
                .param("order", order)
                .update();
        return order;
    }
}
