package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// A customer may cancel at any moment. Either every step of the order is compensated, or the
/// cancellation is refused and the order ships.
@ResourceLock(RunningSystem.SHARED)
class CancellationTest {

    private static final int ACCEPTED = 202;
    private static final int TOO_LATE = 409;

    private final RunningSystem system = RunningSystem.shared();
    private final ShopClient shop = new ShopClient(system);
    private final Workflows workflows = new Workflows(system);

    @Test
    void anOrderCanBeCancelledBeforeItsWorkflowStarts() {
        var sku = shop.stocked("20.00", 5);
        try (var observer = new BusObserver(system)) {
            observer.pause("start-fulfilment");
            var order = shop.order(sku, 2, ShopClient.VISA);
            var created = observer.awaitEvent("OrderCreated", order);
            assertThat(shop.cancel(order).statusCode()).isEqualTo(ACCEPTED);

            observer.resume("start-fulfilment");
            observer.tellAgain(created);

            assertUndone(order, sku, 5);
        }
    }

    @Test
    void anOrderCanBeCancelledWhileItWaitsForApproval() {
        var sku = shop.stocked("1500.00", 5);
        var order = shop.order(sku, 1, ShopClient.VISA);
        await().until(() -> workflows.exists(order));
        await().until(() -> workflows.steps(order).contains("AwaitApproval"));
        assertThat(shop.stock(sku).path("reserved").intValue()).isEqualTo(1);

        assertThat(shop.cancel(order).statusCode()).isEqualTo(ACCEPTED);
        assertThat(shop.cancel(order).statusCode()).as("asked again").isEqualTo(ACCEPTED);

        assertUndone(order, sku, 5);
        assertThat(workflows.ended(order).statusAsString()).isEqualTo("SUCCEEDED");
        assertThat(approve(order)).as("approving it now").isEqualTo(TOO_LATE);
    }

    @Test
    void anOperatorCancelsOnBehalfOfTheCustomerAndTheCaseFileSaysWhoAndWhy() {
        var sku = shop.stocked("1500.00", 5);
        var order = shop.order(sku, 1, ShopClient.VISA);
        await().until(() -> workflows.exists(order));
        await().until(() -> workflows.steps(order).contains("AwaitApproval"));
        var console = system.operations();
        var path = "/internal/operations/orders/" + order;
        var oskar = Map.of("Authorization", "Bearer " + system.operatorToken("oskar"));
        var accepted =
                shop.send(
                        "POST",
                        console,
                        path + "/cancellation",
                        oskar,
                        "{\"reason\":\"the customer called\"}");
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(ACCEPTED);

        assertUndone(order, sku, 5);
        var file = shop.send("GET", console, path, oskar, "").body();
        assertThat(file)
                .contains(
                        "Oskar Operator requested the cancellation on behalf of the customer, because: the"
                                + " customer called. It was accepted.");
        var repeated =
                shop.send(
                        "POST",
                        console,
                        path + "/cancellation",
                        oskar,
                        "{\"reason\":\"the customer called again\"}");
        assertThat(repeated.statusCode()).isEqualTo(ACCEPTED);
        assertThat(repeated.body()).contains("\"repeated\":true", "CANCELLED");
    }

    @Test
    void aFinalOrderCannotBeCancelled() {
        var sku = shop.stocked("20.00", 1);
        var shipped = shop.order(sku, 1, ShopClient.VISA);
        shop.awaitState(shipped, "SHIPPED");
        var rejected = shop.order(sku, 1, ShopClient.VISA);
        shop.awaitState(rejected, "REJECTED");

        for (var order : List.of(shipped, rejected)) {
            var before = shop.order(order);
            assertThat(shop.cancel(order).statusCode()).isEqualTo(TOO_LATE);
            assertThat(shop.order(order)).isEqualTo(before);
        }
    }

    /// The workflow keeps running while the customer cancels, so either may be first. The timeline
    /// says which one was, and the response, the payment, the stock and the parcel must agree with
    /// it. [#anOrderCanBeCancelledBeforeItsWorkflowStarts()] and
    /// [#anOrderCannotBeCancelledAfterItsDispatchPermit()] each force one of the outcomes.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void anOrderCanBeCancelledAfterEachStepBeforeItsDispatch(int steps) {
        var sku = shop.stocked("20.00", 5);
        var order = shop.order(sku, 2, ShopClient.VISA);
        if (steps > 0) {
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> workflows.exists(order) && workflows.steps(order).size() >= steps);
        }

        int response = shop.cancel(order).statusCode();

        boolean isPermitted = timeline(order).contains("DispatchPermitted");
        assertThat(response).isEqualTo(isPermitted ? TOO_LATE : ACCEPTED);
        if (isPermitted) {
            assertShipped(order, sku);
        } else {
            assertThat(timeline(order)).containsOnlyOnce("CancellationRequested");
            assertUndone(order, sku, 5);
        }
        assertThat(shop.order(order).path("needsAttention").booleanValue(false)).isFalse();
    }

    /// The payment is captured only after shipping has its permit and the carrier has the parcel.
    @Test
    void anOrderCannotBeCancelledAfterItsDispatchPermit() {
        var sku = shop.stocked("20.00", 5);
        var order = shop.order(sku, 2, ShopClient.VISA);
        await().until(
                        () ->
                                workflows.exists(order)
                                        && workflows.steps(order).contains("CapturePayment"));

        assertThat(shop.cancel(order).statusCode()).isEqualTo(TOO_LATE);

        assertShipped(order, sku);
        assertThat(timeline(order)).doesNotContain("CancellationRequested");
    }

    private List<String> timeline(String order) {
        return shop.order(order).path("timeline").findValuesAsString("type");
    }

    private void assertShipped(String order, String sku) {
        shop.awaitState(order, "SHIPPED");
        assertThat(ShopClient.sameAmount(shop.gatewayLedger(order).path("net"), "40.00")).isTrue();
        assertThat(shop.bookings(order)).isEqualTo(1);
        await().until(() -> shop.stock(sku).path("onHand").intValue() == 3);
        assertThat(shop.stock(sku).path("reserved").intValue()).isZero();
    }

    private void assertUndone(String order, String sku, int stock) {
        shop.awaitState(order, "CANCELLED");
        var ledger = shop.gatewayLedger(order);
        assertThat(ShopClient.sameAmount(ledger.path("net"), "0.00")).as("net").isTrue();
        assertThat(ShopClient.sameAmount(ledger.path("captured"), "0.00")).as("captured").isTrue();
        assertThat(shop.bookings(order)).isZero();
        assertThat(shop.stock(sku).path("onHand").intValue()).isEqualTo(stock);
        assertThat(shop.stock(sku).path("available").intValue()).isEqualTo(stock);
        await().untilAsserted(
                        () ->
                                assertThat(shop.mails())
                                        .filteredOn(CancellationTest::isAboutCancellation)
                                        .hasSize(1));
    }

    private static boolean isAboutCancellation(String subject) {
        return subject.contains("cancel");
    }

    private int approve(String order) {
        var body =
                JsonMapper.shared()
                        .createObjectNode()
                        .put("decision", "APPROVE")
                        .put("note", "too late");
        return shop.send(
                        "POST",
                        system.ordersInside(),
                        "/internal/approvals/" + order + "/decision",
                        shop.internalHeaders(
                                "POST",
                                "/internal/approvals/" + order + "/decision",
                                UUID.randomUUID().toString()),
                        body.toString())
                .statusCode();
    }
}
