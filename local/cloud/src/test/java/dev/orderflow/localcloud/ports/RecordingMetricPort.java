package dev.orderflow.localcloud.ports;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Records all metrics and sums them.
public final class RecordingMetricPort implements MetricPort {

    private record RecordedMetric(String name, Map<String, String> dimensions, double value) {}

    private final List<RecordedMetric> samples = new CopyOnWriteArrayList<>();

    @Override
    public void record(
            String namespace, String name, Map<String, String> dimensions, double value) {
        samples.add(new RecordedMetric(namespace + "/" + name, Map.copyOf(dimensions), value));
    }

    /// The sum of a metric with exactly these dimensions.
    public double sum(String name, Map<String, String> dimensions) {
        return samples.stream()
                .filter(s -> s.name().equals(name) && s.dimensions().equals(dimensions))
                .mapToDouble(RecordedMetric::value)
                .sum();
    }
}
