package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import tools.jackson.databind.json.JsonMapper;

/// The switches of the workbench and what they do to orders.
@ResourceLock(RunningSystem.SHARED)
class WorkbenchTest {

    private final RunningSystem system = RunningSystem.shared();
    private final ShopClient shop = new ShopClient(system);

    @Test
    void anOrderWaitsWhileTheBusIsOffAndShipsOnceWhenItIsOnAgain() {
        var oskar = PagesClient.signIn(system.pages(), "oskar");
        var sku = shop.stocked("20.00", 50);
        String page;
        oskar.post("/workbench/cloud", Map.of("service", "events", "available", "false"));
        try {
            assertThatThrownBy(this::putNoEvent)
                    .isInstanceOf(EventBridgeException.class)
                    .hasMessageContaining("switched off");
            page =
                    oskar.post(
                            "/workbench/orders",
                            Map.of(
                                    "customer",
                                    shop.customer(),
                                    "sku",
                                    sku,
                                    "quantity",
                                    "2",
                                    "card",
                                    ShopClient.VISA));
            assertThat(oskar.read(page)).contains("Switch events on", "The order is placed.");
            assertThat(shop.order(orderOf(page)).path("state").asString("")).isEqualTo("PENDING");
        } finally {
            oskar.post("/workbench/cloud", Map.of("service", "events", "available", "true"));
        }
        var order = orderOf(page);
        shop.awaitState(order, "SHIPPED");
        assertThat(shop.bookings(order)).isEqualTo(1);
        assertThat(ShopClient.sameAmount(shop.gatewayLedger(order).path("net"), "40.00")).isTrue();
        assertThat(oskar.read("/workbench?order=" + order))
                .contains("Switch events off")
                .contains("order=" + order);
    }

    @Test
    void theSwitchesOfCarrierAndGatewayAreThoseOfTheSandboxes() {
        var oskar = PagesClient.signIn(system.pages(), "oskar");
        oskar.post("/workbench/carrier", Map.of("available", "false"));
        oskar.post("/workbench/gateway", Map.of("mode", "slow"));
        try {
            assertThat(carrierIsAvailable()).isFalse();
            assertThat(gatewayMode()).isEqualTo("slow");
            assertThat(oskar.read("/workbench")).contains("Switch the carrier on");
        } finally {
            oskar.post("/workbench/carrier", Map.of("available", "true"));
            oskar.post("/workbench/gateway", Map.of("mode", "none"));
        }
        assertThat(carrierIsAvailable()).isTrue();
        assertThat(gatewayMode()).isEqualTo("none");
    }

    private static String orderOf(String page) {
        return page.substring(page.lastIndexOf('=') + 1);
    }

    private boolean carrierIsAvailable() {
        return JsonMapper.shared()
                .readTree(
                        shop.send("GET", system.carrier(), "/sandbox/availability", Map.of(), "")
                                .body())
                .path("available")
                .booleanValue();
    }

    private String gatewayMode() {
        return JsonMapper.shared()
                .readTree(
                        shop.send("GET", system.gateway(), "/sandbox/faults", Map.of(), "").body())
                .path("mode")
                .asString("");
    }

    private void putNoEvent() {
        try (var events =
                system.client(
                        EventBridgeClient.builder()
                                .overrideConfiguration(
                                        set -> set.retryStrategy(AwsRetryStrategy.doNotRetry())))) {
            events.listEventBuses(all -> {});
        }
    }
}
