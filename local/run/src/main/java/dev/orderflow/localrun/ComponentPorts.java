package dev.orderflow.localrun;

import dev.orderflow.localmachine.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/// The port of every component, on loopback.
///
/// @param byComponent a port for every component
public record ComponentPorts(Map<Component, Integer> byComponent) {

    public ComponentPorts {
        byComponent = Map.copyOf(byComponent);
        for (var component : Component.values()) {
            var port = byComponent.get(component);
            if (port == null || port < 1 || port > 65_535) {
                throw new IllegalArgumentException(
                        "port of " + component.label() + " must be 1 to 65535 but was " + port);
            }
        }
    }

    /// The standard ports, which the documentation names.
    public static ComponentPorts standard() {
        var ports = new EnumMap<Component, Integer>(Component.class);
        for (var component : Component.values()) {
            ports.put(component, component.standardPort());
        }
        return new ComponentPorts(ports);
    }

    /// Free ports that [FreePorts] gives to no other component.
    public static ComponentPorts free() {
        var ports = new EnumMap<Component, Integer>(Component.class);
        var free = FreePorts.findMany(Component.values().length).iterator();
        for (var component : Component.values()) {
            ports.put(component, free.next());
        }
        return new ComponentPorts(ports);
    }

    /// These ports with some replaced.
    public ComponentPorts with(Map<Component, Integer> others) {
        var ports = new EnumMap<Component, Integer>(byComponent);
        ports.putAll(others);
        return new ComponentPorts(ports);
    }

    int of(Component component) {
        var port = byComponent.get(component);
        if (port == null) {
            throw new IllegalStateException("no port for " + component.label());
        }
        return port;
    }

    /// The ports by component name.
    Map<String, Integer> byLabel() {
        return byComponent.entrySet().stream()
                .collect(Collectors.toMap(port -> port.getKey().label(), Map.Entry::getValue));
    }

    ServicePorts portsOf(Component service) {
        return new ServicePorts(of(service), of(service.additional()), of(service.management()));
    }

    /// Checks that every port is free, before anything is started.
    ///
    /// @throws PortInUseException names the first port in use and the process that listens on it
    void requireFree() {
        for (var component : Component.values()) {
            try (var socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), of(component)));
            } catch (IOException _) {
                throw new PortInUseException(component, of(component), PortOwner.of(of(component)));
            }
        }
    }
}
