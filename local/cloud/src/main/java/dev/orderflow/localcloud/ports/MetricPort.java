package dev.orderflow.localcloud.ports;

import java.util.Map;

/// Where the local cloud's services leave the metrics that AWS publishes for them.
public interface MetricPort {

    /// Records one sample at the cloud's present time.
    ///
    /// @param namespace for example `AWS/States`
    /// @param name for example `ExecutionsFailed`
    /// @param dimensions for example `StateMachineArn`
    /// @param value in the metric's own unit
    void record(String namespace, String name, Map<String, String> dimensions, double value);
}
