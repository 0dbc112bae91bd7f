package dev.orderflow.localpostgres;

import dev.orderflow.localmachine.LocalMachineException;
import org.jspecify.annotations.Nullable;

/// The Postgres server cannot run here as requested.
public final class LocalPostgresException extends LocalMachineException {

    private static final long serialVersionUID = 1L;

    LocalPostgresException(String message) {
        this(message, null);
    }

    LocalPostgresException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
