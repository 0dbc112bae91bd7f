package dev.orderflow.localrun;

import dev.orderflow.localmachine.LocalMachineException;

/// Somebody else listens on a port that a part needs.
public final class PortInUseException extends LocalMachineException {

    private static final long serialVersionUID = 1L;

    PortInUseException(Component component, int port, String owner) {
        super(
                "port %d for %s is taken by %s: stop that, or choose another with --port %s=PORT or --free-ports"
                        .formatted(port, component.label(), owner, component.label()));
    }
}
