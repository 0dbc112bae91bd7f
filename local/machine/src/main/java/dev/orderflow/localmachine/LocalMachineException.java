package dev.orderflow.localmachine;

import org.jspecify.annotations.Nullable;

/// A program cannot run on this machine as requested. The message is one line that names the cause
/// and, where the user can do something about it, what to do.
public class LocalMachineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LocalMachineException(String message) {
        this(message, null);
    }

    public LocalMachineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
