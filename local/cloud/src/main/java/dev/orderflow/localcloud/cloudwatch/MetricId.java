package dev.orderflow.localcloud.cloudwatch;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// The identity of a metric. Different dimensions are different metrics.
record MetricId(String namespace, String name, Map<String, String> dimensions) {

    MetricId {
        dimensions = Map.copyOf(dimensions);
    }

    /// Adds the dimensions, sorted by name.
    void describe(ObjectNode into) {
        var list = into.putArray("Dimensions");
        new TreeMap<>(dimensions)
                .forEach((key, value) -> list.addObject().put("Name", key).put("Value", value));
    }
}
