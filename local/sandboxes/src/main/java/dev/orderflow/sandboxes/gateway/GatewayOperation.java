package dev.orderflow.sandboxes.gateway;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The operations of the gateway.
enum GatewayOperation {
    create,
    confirm,
    capture,
    cancel,
    refund,
    refunds,
    events,
    retrieve,
    search;

    static GatewayOperation named(String name) {
        return Arrays.stream(values())
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "on must be one of "
                                                + Arrays.stream(values())
                                                        .map(GatewayOperation::name)
                                                        .collect(Collectors.joining(", "))));
    }
}
