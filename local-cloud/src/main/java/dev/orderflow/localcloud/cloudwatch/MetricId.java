package dev.orderflow.localcloud.cloudwatch;

import java.util.Map;
import java.util.TreeMap;

/// What makes a metric: another dimension makes another metric.
record MetricId(String namespace, String name, Map<String, String> dimensions) {

    MetricId {
        dimensions = Map.copyOf(dimensions);
    }

    /// The dimensions in a fixed order, for listings.
    Map<String, String> sortedDimensions() {
        return new TreeMap<>(dimensions);
    }
}
