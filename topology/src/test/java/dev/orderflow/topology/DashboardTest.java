package dev.orderflow.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DashboardTest {

    private static final Topology TOPOLOGY = Topology.load();

    static List<Dashboard> dashboards() {
        return TOPOLOGY.dashboards();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void chartsDoNotOverlapAndFitTheDashboard(Dashboard dashboard) {
        var corners = new HashSet<String>();
        for (var widget : widgets(dashboard)) {
            assertThat(corners.add(widget.path("x") + "," + widget.path("y"))).isTrue();
            assertThat(widget.path("x").intValue() + widget.path("width").intValue())
                    .isLessThanOrEqualTo(24);
        }
        assertThat(corners).hasSameSizeAs(dashboard.widgets());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyLineIsAMetricWithItsDimensionsAStatisticAndALabel(Dashboard dashboard) {
        assertThat(lines(dashboard))
                .isNotEmpty()
                .allSatisfy(
                        line -> {
                            assertThat(line.size()).isGreaterThanOrEqualTo(5).isOdd();
                            assertThat(line.toString())
                                    .doesNotContain("${Queue}")
                                    .doesNotContain("${Service}");
                            assertThat(line.path(line.size() - 1).path("stat").isString()).isTrue();
                            assertThat(line.path(line.size() - 1).path("label").isString())
                                    .isTrue();
                        });
    }

    @Test
    void everyQueueAndDeadLetterQueueIsOnADashboard() {
        var watched =
                dashboards().stream()
                        .flatMap(DashboardTest::lines)
                        .filter(line -> line.path(0).asString().equals("AWS/SQS"))
                        .map(line -> line.path(3).asString())
                        .distinct();
        assertThat(watched).containsExactlyInAnyOrderElementsOf(TOPOLOGY.allQueueNames());
    }

    @Test
    void anEmptyDashboardOrChartIsRefused() {
        assertThatThrownBy(() -> new Dashboard("empty", "nothing", List.of()))
                .hasMessage("dashboard empty has no content");
        assertThatThrownBy(() -> new Dashboard.Widget("empty", "", List.of()))
                .hasMessage("widget empty has no content");
    }

    private static List<JsonNode> widgets(Dashboard dashboard) {
        return JsonMapper.shared()
                .readTree(dashboard.body(TOPOLOGY, "us-east-1"))
                .path("widgets")
                .valueStream()
                .toList();
    }

    private static Stream<JsonNode> lines(Dashboard dashboard) {
        return widgets(dashboard).stream()
                .flatMap(widget -> widget.at("/properties/metrics").valueStream());
    }
}
