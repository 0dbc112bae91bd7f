package dev.orderflow.localrun;

import dev.orderflow.localmachine.FreePorts;
import java.util.List;

/// The ports of one service.
///
/// @param service its first: the public API of order-service, the internal one of the others
/// @param internal where order-service has its internal API
/// @param management where health and meters are
public record ServicePorts(int service, int internal, int management) {

    /// Ports that nobody else listened on a moment ago.
    public static ServicePorts free() {
        var ports = FreePorts.some(3);
        return new ServicePorts(ports.get(0), ports.get(1), ports.get(2));
    }

    /// The port of one of them.
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
                        "--orderflow.ports.internal-port=" + internal);
    }
}
