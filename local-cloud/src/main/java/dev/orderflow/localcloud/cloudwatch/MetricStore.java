package dev.orderflow.localcloud.cloudwatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/// The samples of the last day, by metric and minute.
final class MetricStore {

    private static final long MINUTE = 60;
    private static final Duration KEPT = Duration.ofHours(24);

    private final Map<MetricId, ConcurrentSkipListMap<Long, Statistics>> metrics =
            new ConcurrentHashMap<>();

    void add(MetricId metric, Instant at, Consumer<Statistics> sample) {
        var minutes = metrics.computeIfAbsent(metric, _ -> new ConcurrentSkipListMap<>());
        long minute = Math.floorDiv(at.getEpochSecond(), MINUTE) * MINUTE;
        minutes.compute(
                minute,
                (_, there) -> {
                    var statistics = there == null ? new Statistics() : there;
                    synchronized (statistics) {
                        sample.accept(statistics);
                    }
                    return statistics;
                });
        minutes.headMap(at.minus(KEPT).getEpochSecond()).clear();
    }

    /// Everything from the start, inclusive, to the end, exclusive.
    Statistics between(MetricId metric, long fromSecond, long toSecond) {
        var all = new Statistics();
        var minutes = metrics.get(metric);
        if (minutes != null) {
            for (var minute : minutes.subMap(fromSecond, toSecond).values()) {
                synchronized (minute) {
                    all.add(minute);
                }
            }
        }
        return all;
    }

    Set<MetricId> known() {
        return Set.copyOf(metrics.keySet());
    }
}
