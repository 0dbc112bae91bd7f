package dev.orderflow.localcloud.ports;

import java.util.Map;

/// Records the metrics that AWS services publish.
public interface MetricPort {

    /// Records one sample at the current cloud time.
    ///
    /// @param namespace for example `AWS/States`
    /// @param name for example `ExecutionsFailed`
    /// @param dimensions for example `StateMachineArn`
    /// @param value in the metric's own unit
    void record(String namespace, String name, Map<String, String> dimensions, double value);
}
