package dev.orderflow.localpostgres;

import org.jspecify.annotations.Nullable;

/// The server cannot run here as asked for. The message is one line that says why and, where there
/// is something to be done about it, what.
public final class LocalPostgresException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LocalPostgresException(String why) {
        this(why, null);
    }

    LocalPostgresException(String why, @Nullable Throwable cause) {
        super(why, cause);
    }
}
