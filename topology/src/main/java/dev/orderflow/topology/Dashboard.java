package dev.orderflow.topology;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A CloudWatch dashboard: charts, three in a row.
///
/// @param name unique
/// @param purpose what it shows
/// @param widgets its charts, from top left to bottom right
public record Dashboard(String name, String purpose, List<Widget> widgets) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// A dashboard is 24 units wide.
    private static final int WIDTH = 8;

    private static final int HEIGHT = 6;
    private static final int COLUMNS = 3;
    private static final int PERIOD_SECONDS = 60;

    public Dashboard {
        widgets = List.copyOf(widgets);
        if (widgets.isEmpty()) {
            throw new IllegalArgumentException("dashboard " + name + " has no content");
        }
    }

    /// A chart.
    ///
    /// @param title what it shows
    /// @param unit of its values; empty for a plain number
    /// @param series its lines
    public record Widget(String title, String unit, List<MetricSeries> series) {

        public Widget {
            series = List.copyOf(series);
            if (series.isEmpty()) {
                throw new IllegalArgumentException("widget " + title + " has no content");
            }
        }
    }

    /// The resources for which a series is repeated.
    public enum SeriesRepetition {
        /// Every queue; `${Queue}` is its name and `${Service}` its consumer.
        QUEUE,
        /// Every dead-letter queue of a queue; `${Queue}` is its name.
        DEAD_LETTER_QUEUE,
        /// Every service; `${Service}` is its name.
        SERVICE
    }

    /// A line of a chart, or one line for each resource of a kind.
    ///
    /// @param label its name in the chart
    /// @param forEach for which resources it is repeated; null for a single line
    /// @param namespace of the metric
    /// @param metric its name
    /// @param dimensions all of its dimensions
    /// @param statistic `Sum`, `Maximum`, `p99`, …
    public record MetricSeries(
            String label,
            @Nullable SeriesRepetition forEach,
            String namespace,
            String metric,
            Map<String, String> dimensions,
            String statistic) {

        public MetricSeries {
            dimensions = Map.copyOf(dimensions);
        }

        private MetricSeries withPlaceholder(String placeholder, String value) {
            var filledIn = new TreeMap<String, String>();
            dimensions.forEach(
                    (name, text) -> filledIn.put(name, text.replace(placeholder, value)));
            return new MetricSeries(
                    label.replace(placeholder, value),
                    null,
                    namespace,
                    metric,
                    filledIn,
                    statistic);
        }

        private Stream<MetricSeries> expand(Topology topology) {
            return switch (forEach) {
                case null -> Stream.of(this);
                case QUEUE ->
                        topology.queues().stream()
                                .map(
                                        queue ->
                                                withPlaceholder("${Queue}", queue.name())
                                                        .withPlaceholder(
                                                                "${Service}", queue.consumer()));
                case DEAD_LETTER_QUEUE ->
                        topology.queues().stream()
                                .map(
                                        queue ->
                                                withPlaceholder(
                                                        "${Queue}", queue.deadLetter().queue()));
                case SERVICE ->
                        topology.services().stream()
                                .map(service -> withPlaceholder("${Service}", service));
            };
        }
    }

    /// The body of the dashboard (CloudWatch API reference, "Dashboard body structure"). It may
    /// contain the placeholder `${StateMachineArn}`.
    ///
    /// @param region the region of the metrics, for example `us-east-1`
    public String body(Topology topology, String region) {
        var body = JSON.createObjectNode();
        var places = body.putArray("widgets");
        for (int i = 0; i < widgets.size(); i++) {
            var place = places.addObject();
            place.put("type", "metric")
                    .put("x", i % COLUMNS * WIDTH)
                    .put("y", i / COLUMNS * HEIGHT)
                    .put("width", WIDTH)
                    .put("height", HEIGHT);
            chart(place.putObject("properties"), widgets.get(i), topology, region);
        }
        return body.toString();
    }

    private static void chart(ObjectNode chart, Widget widget, Topology topology, String region) {
        chart.put("title", widget.title())
                .put("region", region)
                .put("view", "timeSeries")
                .put("stacked", false)
                .put("period", PERIOD_SECONDS);
        chart.putObject("yAxis").putObject("left").put("min", 0).put("label", widget.unit());
        var metrics = chart.putArray("metrics");
        widget.series().stream()
                .flatMap(series -> series.expand(topology))
                .forEach(
                        series -> {
                            var line = metrics.addArray().add(series.namespace());
                            line.add(series.metric());
                            new TreeMap<>(series.dimensions())
                                    .forEach((name, value) -> line.add(name).add(value));
                            line.addObject()
                                    .put("stat", series.statistic())
                                    .put("label", series.label());
                        });
    }
}
