package dev.orderflow.localrun;

import dev.orderflow.localmachine.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Who listens where, all on loopback.
///
/// @param byPart a port for every part
public record Ports(Map<Part, Integer> byPart) {

    public Ports {
        byPart = Map.copyOf(byPart);
        for (var part : Part.values()) {
            var port = byPart.get(part);
            if (port == null || port < 1 || port > 65_535) {
                throw new IllegalArgumentException(
                        "port of " + part.label() + " must be 1 to 65535 but was " + port);
            }
        }
    }

    /// The ports that the documentation names.
    public static Ports standard() {
        var ports = new EnumMap<Part, Integer>(Part.class);
        for (var part : Part.values()) {
            ports.put(part, part.standardPort());
        }
        return new Ports(ports);
    }

    /// Ports that nobody else listened on a moment ago.
    public static Ports free() {
        var ports = new EnumMap<Part, Integer>(Part.class);
        var free = FreePorts.some(Part.values().length).iterator();
        for (var part : Part.values()) {
            ports.put(part, free.next());
        }
        return new Ports(ports);
    }

    /// These ports, some of them replaced.
    public Ports with(Map<Part, Integer> others) {
        var ports = new EnumMap<Part, Integer>(byPart);
        ports.putAll(others);
        return new Ports(ports);
    }

    int of(Part part) {
        var port = byPart.get(part);
        if (port == null) {
            throw new IllegalStateException("no port for " + part.label());
        }
        return port;
    }

    /// By the parts' names.
    Map<String, Integer> byLabel() {
        return byPart.entrySet().stream()
                .collect(Collectors.toMap(port -> port.getKey().label(), Map.Entry::getValue));
    }

    Doors doors(Part service) {
        return new Doors(of(service), of(service.internal()), of(service.management()));
    }

    /// Finds out early, before anything is started, whether every port is free.
    ///
    /// @throws PortTakenException naming the first that is not, and who listens there
    void requireFree() {
        for (var part : Part.values()) {
            try (var socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), of(part)));
            } catch (IOException taken) {
                throw new PortTakenException(part, of(part), PortOwner.of(of(part)));
            }
        }
    }
}
