package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ReplayState;
import software.amazon.awssdk.services.sfn.SfnClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Replays the archive: the projections are equal afterwards, and no effect is repeated.
@ResourceLock(RunningSystem.SHARED)
class ReplayTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final ShopClient shop = new ShopClient();
    private final Queues queues = new Queues(RunningSystem.shared());

    @Test
    void aReplayRebuildsTheProjectionsAndRepeatsNoEffect() {
        // Orders of other tests would change the figures.
        new Workflows(RunningSystem.shared()).awaitIdle();
        // Messages that other tests sent directly to the queue are not in the archive.
        rebuild();
        var sku = shop.stocked("15.00", 10);
        var ships = shop.order(sku, 2, ShopClient.VISA);
        var declined = shop.order(sku, 1, "pm_card_chargeDeclined");
        shop.awaitState(ships, "SHIPPED");
        shop.awaitState(declined, "REJECTED");
        await().until(() -> shop.stock(sku).path("onHand").intValue() == 8);
        await().until(() -> shop.mails().size() == 3);
        await().until(() -> facts(ships).size() == 3 && facts(declined).size() == 2);
        var figures = summary();
        var world = World.of(shop, List.of(ships, declined), sku);
        var heardOfShipped = factSummaries(ships);

        rebuild();

        await().untilAsserted(() -> assertThat(summary()).isEqualTo(figures));
        assertThat(factSummaries(ships)).isEqualTo(heardOfShipped);
        assertThat(facts(ships))
                .allSatisfy(fact -> assertThat(fact.path("replayed").booleanValue()).isTrue());
        assertThat(World.of(shop, List.of(ships, declined), sku)).isEqualTo(world);
        assertThat(shop.order(ships).path("needsAttention").booleanValue(false)).isFalse();
    }

    /// The recorded effects; a repetition would change them.
    private record World(
            List<String> ledgers,
            List<Long> parcels,
            String stock,
            List<String> mails,
            int executions) {

        static World of(ShopClient shop, List<String> orders, String sku) {
            return new World(
                    orders.stream().map(order -> shop.gatewayLedger(order).toString()).toList(),
                    orders.stream().map(shop::bookings).toList(),
                    shop.stock(sku).toString(),
                    shop.mails(),
                    executionsStarted());
        }
    }

    private static int executionsStarted() {
        try (var states = RunningSystem.shared().client(SfnClient.builder())) {
            var machine = states.listStateMachines().stateMachines().getFirst().stateMachineArn();
            return Math.toIntExact(
                    states
                            .listExecutionsPaginator(list -> list.stateMachineArn(machine))
                            .executions()
                            .stream()
                            .count());
        }
    }

    /// Executes the steps of the runbook: reset, replay, wait. An event that comes after the reset
    /// would be counted before its replay.
    private void rebuild() {
        awaitReceived();
        try (var events = RunningSystem.shared().client(EventBridgeClient.builder())) {
            var bus = events.describeEventBus(describe -> describe.name("orderflow")).arn();
            var archive =
                    events.describeArchive(describe -> describe.archiveName("orderflow-archive"))
                            .archiveArn();
            var name = "rebuild-" + UUID.randomUUID();
            shop.internal(
                    "POST",
                    RunningSystem.shared().analytics(),
                    "/internal/projections/reset",
                    JSON.createObjectNode().put("reason", "to see it rebuilt"));
            assertThat(shop.analytics().path("orders")).isEmpty();
            events.startReplay(
                    start ->
                            start.replayName(name)
                                    .eventSourceArn(archive)
                                    .destination(to -> to.arn(bus))
                                    .eventStartTime(Instant.now().minus(Duration.ofDays(1)))
                                    .eventEndTime(Instant.now()));
            await("the replay")
                    .until(
                            () ->
                                    events.describeReplay(describe -> describe.replayName(name))
                                                    .state()
                                            == ReplayState.COMPLETED);
            awaitReceived();
        }
    }

    private void awaitReceived() {
        await("analytics to have received all events").until(() -> queues.depth("analytics") == 0);
    }

    private record AnalyticsSummary(JsonNode orders, JsonNode revenue, JsonNode perMinute) {}

    private AnalyticsSummary summary() {
        var summary = shop.analytics();
        return new AnalyticsSummary(
                summary.path("orders"), summary.path("revenue"), summary.path("perMinute"));
    }

    private List<JsonNode> facts(String order) {
        return shop.internal(
                        "GET", RunningSystem.shared().analytics(), "/internal/facts/" + order, null)
                .path("facts")
                .valueStream()
                .toList();
    }

    private List<String> factSummaries(String order) {
        return facts(order).stream()
                .map(
                        fact ->
                                fact.path("type").asString()
                                        + " "
                                        + fact.path("version")
                                        + " "
                                        + fact.path("occurredAt"))
                .toList();
    }
}
