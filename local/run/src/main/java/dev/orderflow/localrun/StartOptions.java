package dev.orderflow.localrun;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The options of the commands that start a system.
final class StartOptions {

    @Option(
            names = "--port",
            paramLabel = "COMPONENT=PORT",
            converter = {ComponentConverter.class, PortConverter.class},
            completionCandidates = StandardPorts.class,
            description = {
                "Another port for a component; may be repeated.",
                "Components and their ports: ${COMPLETION-CANDIDATES}. Each service has a management port, such as"
                        + " order-service-management, 1000 above its main port."
            })
    private Map<Component, Integer> ports = new HashMap<>();

    @Option(names = "--free-ports", description = "Use free ports.")
    private boolean freePorts;

    ComponentPorts ports(ComponentPorts otherwise) {
        return (freePorts ? ComponentPorts.free() : otherwise).with(ports);
    }

    /// The components and their ports, without those for management.
    static final class StandardPorts implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Component.values())
                    .filter(component -> !component.label().endsWith("-management"))
                    .map(component -> component.label() + " " + component.standardPort())
                    .iterator();
        }
    }

    static final class ComponentConverter implements ITypeConverter<Component> {
        @Override
        public Component convert(String label) {
            return Arrays.stream(Component.values())
                    .filter(component -> component.label().equals(label))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new TypeConversionException(
                                            "there is no component '%s'; components: %s"
                                                    .formatted(
                                                            label,
                                                            Arrays.stream(Component.values())
                                                                    .map(Component::label)
                                                                    .collect(
                                                                            Collectors.joining(
                                                                                    ", ")))));
        }
    }

    static final class PortConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                int port = Integer.parseInt(text);
                if (port >= 1 && port <= 65_535) {
                    return port;
                }
            } catch (NumberFormatException _) {
                // reported below, like a number out of range
            }
            throw new TypeConversionException("a port is 1 to 65535, not '" + text + "'");
        }
    }
}
