package dev.orderflow.commandline.operations;

/// Nobody answers, or refuses to; the message is one line that says what to do.
public final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /// A usage error or a connection failure.
    public CommandFailedException(String what) {
        this(what, OperationsApiCommand.WRONG_CALL);
    }

    CommandFailedException(String what, int exitCode) {
        super(what);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
