package dev.orderflow.localrun;

import dev.orderflow.localmachine.FreePorts;
import java.util.ArrayList;
import java.util.List;

/// The ports of one service.
///
/// @param service the public API of order-service, the internal API of the other services
/// @param additional the internal API of order-service, the pages of operations-console
/// @param management health and metrics
public record ServicePorts(int service, int additional, int management) {

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
        return port.owningService().management() == port ? management : additional;
    }

    List<String> arguments(Component component) {
        var arguments = new ArrayList<String>();
        arguments.add("--server.port=" + service);
        arguments.add("--management.server.port=" + management);
        if (component == Component.ORDER_SERVICE) {
            arguments.add("--orderflow.order.ports.internal-port=" + additional);
        }
        if (component == Component.OPERATIONS_CONSOLE) {
            arguments.add("--orderflow.operations.pages.port=" + additional);
            arguments.add("--orderflow.operations.pages.url=http://127.0.0.1:" + additional);
        }
        return List.copyOf(arguments);
    }
}
