package dev.orderflow.commandline.operations;

/// Nobody answers, or refuses to; the message is one line that says what to do.
public final class CannotAskException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /// A usage error or a connection failure.
    public CannotAskException(String what) {
        this(what, Asking.WRONG_CALL);
    }

    CannotAskException(String what, int exitCode) {
        super(what);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
