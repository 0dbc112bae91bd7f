package dev.orderflow.localrun;

import dev.orderflow.localmachine.FreePorts;
import java.util.List;

/// The ports of one service.
///
/// @param service the public API of order-service, the internal API of the other services
/// @param internal the internal API of order-service
/// @param management health and metrics
public record ServicePorts(int service, int internal, int management) {

    /// Free ports that [FreePorts] gives to no other component.
    public static ServicePorts free() {
        var ports = FreePorts.findMany(3);
        return new ServicePorts(ports.get(0), ports.get(1), ports.get(2));
    }

    /// The port of a component of this service.
    public int port(Component port) {
        if (port.owningService() == port) {
            return service;
        }
        return port.owningService().management() == port ? management : internal;
    }

    List<String> arguments(Component component) {
        return component.internal() == component
                ? List.of("--server.port=" + service, "--management.server.port=" + management)
                : List.of(
                        "--server.port=" + service,
                        "--management.server.port=" + management,
                        "--orderflow.order.ports.internal-port=" + internal);
    }
}
