package dev.orderflow.localrun;

import dev.orderflow.localmachine.LocalMachineException;

/// Another process listens on a port that a component needs.
public final class PortInUseException extends LocalMachineException {

    private static final long serialVersionUID = 1L;

    PortInUseException(Component component, int port, String owner) {
        super(
                "port %d for %s is in use by %s: stop it, or choose another port with --port %s=PORT or --free-ports"
                        .formatted(port, component.label(), owner, component.label()));
    }
}
