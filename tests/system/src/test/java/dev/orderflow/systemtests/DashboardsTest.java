package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.cloudwatch.model.DashboardEntry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A chart without data looks as if nothing were wrong, so every metric of a chart must be
/// published.
@ResourceLock(RunningSystem.HURRIED)
class DashboardsTest {

    /// Metrics of failures, which are published only when one occurs.
    private static final Set<String> ONLY_WHEN_IT_GOES_WRONG =
            Set.of(
                    "ExecutionsFailed",
                    "ExecutionsTimedOut",
                    "ExecutionsAborted",
                    "ExecutionThrottled");

    /// The limit of custom metrics of the whole system: $45 a month at $0.30 each.
    private static final int MOST_METRICS = 150;

    private final RunningSystem system = RunningSystem.hurried();
    private final ShopClient shop = new ShopClient(system);
    private final Alarms alarms = new Alarms(system);

    @Test
    void everyMetricOfEveryChartIsPublishedAndTheirNumberIsLimited() {
        var sku = shop.stocked("20.00", 5);
        var large = shop.order(shop.stocked("1500.00", 1), 1, ShopClient.VISA);
        shop.awaitState(shop.order(sku, 1, ShopClient.VISA), "SHIPPED");
        shop.awaitState(shop.order(sku, 1, "pm_card_chargeDeclined"), "REJECTED");
        shop.awaitState(shop.order(sku, 9, ShopClient.VISA), "REJECTED");
        shop.cancel(large);
        shop.awaitState(large, "CANCELLED");

        var shown = shown();
        assertThat(shown).hasSizeGreaterThan(60);
        await().untilAsserted(() -> assertThat(alarms.published()).containsAll(shown));

        long ours =
                alarms.published().stream().filter(name -> name.startsWith("Orderflow ")).count();
        System.out.printf("%d metrics are published, for $%.2f a month%n", ours, ours * 0.30);
        assertThat(ours).isLessThanOrEqualTo(MOST_METRICS);
    }

    private Set<String> shown() {
        return alarms.client().listDashboards(_ -> {}).dashboardEntries().stream()
                .map(DashboardEntry::dashboardName)
                .flatMap(this::lines)
                .filter(line -> !ONLY_WHEN_IT_GOES_WRONG.contains(line.path(1).asString()))
                .map(DashboardsTest::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<JsonNode> lines(String dashboard) {
        var body =
                alarms.client().getDashboard(get -> get.dashboardName(dashboard)).dashboardBody();
        return JsonMapper.shared()
                .readTree(body)
                .path("widgets")
                .valueStream()
                .flatMap(widget -> widget.at("/properties/metrics").valueStream());
    }

    /// Namespace, metric, alternating names and values of dimensions, then rendering options.
    private static String name(JsonNode line) {
        var dimensions = new HashMap<String, String>();
        for (int i = 2; i + 1 < line.size(); i += 2) {
            dimensions.put(line.path(i).asString(), line.path(i + 1).asString());
        }
        return Alarms.name(line.path(0).asString(), line.path(1).asString(), dimensions);
    }
}
