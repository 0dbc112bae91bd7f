package dev.orderflow.localcloud.cloudwatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The samples of the last two weeks, by metric, unit and minute, or second for high-resolution
/// metrics. Samples with different units are different series of a metric.
final class MetricStore {

    static final String NO_UNIT = "None";

    private static final long MINUTE = 60;
    private static final Duration KEPT = Duration.ofDays(14);

    private final Map<MetricId, Map<String, NavigableMap<Long, MetricStatistics>>> metrics =
            new ConcurrentHashMap<>();

    void add(MetricId metric, Instant at, Consumer<MetricStatistics> sample) {
        add(metric, NO_UNIT, at, false, sample);
    }

    void add(
            MetricId metric,
            String unit,
            Instant at,
            boolean bySecond,
            Consumer<MetricStatistics> sample) {
        var series =
                metrics.computeIfAbsent(metric, _ -> new ConcurrentHashMap<>())
                        .computeIfAbsent(unit, _ -> new ConcurrentSkipListMap<>());
        long resolution = bySecond ? 1 : MINUTE;
        series.compute(
                Math.floorDiv(at.getEpochSecond(), resolution) * resolution,
                (_, there) -> {
                    var statistics = there == null ? new MetricStatistics() : there;
                    synchronized (statistics) {
                        sample.accept(statistics);
                    }
                    return statistics;
                });
        series.headMap(at.minus(KEPT).getEpochSecond(), false).clear();
    }

    /// The statistics of each period that has samples, by the start of the period.
    ///
    /// @param unit null for all units
    /// @param fromSecond the start of the first period, inclusive
    /// @param toSecond the end, exclusive
    NavigableMap<Long, MetricStatistics> byPeriod(
            MetricId metric, @Nullable String unit, int period, long fromSecond, long toSecond) {
        var periods = new TreeMap<Long, MetricStatistics>();
        for (var series : metrics.getOrDefault(metric, Map.of()).entrySet()) {
            if (unit != null && !unit.equals(series.getKey())) {
                continue;
            }
            series.getValue()
                    .subMap(fromSecond, true, toSecond, false)
                    .forEach(
                            (second, sample) -> {
                                var all =
                                        periods.computeIfAbsent(
                                                Math.floorDiv(second, (long) period) * period,
                                                _ -> new MetricStatistics());
                                synchronized (sample) {
                                    all.add(sample);
                                }
                            });
        }
        return periods;
    }

    /// The units of a metric's samples, sorted.
    List<String> units(MetricId metric) {
        return metrics.getOrDefault(metric, Map.of()).keySet().stream().sorted().toList();
    }

    /// Whether the metric has a sample at or after a moment.
    boolean isActiveSince(MetricId metric, Instant since) {
        return metrics.getOrDefault(metric, Map.of()).values().stream()
                .anyMatch(
                        series -> !series.isEmpty() && series.lastKey() >= since.getEpochSecond());
    }

    Set<MetricId> known() {
        return Set.copyOf(metrics.keySet());
    }
}
