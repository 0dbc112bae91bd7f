package dev.orderflow.commandline.operations;

/// A command cannot be executed. The message is one line that names the cause and what to do.
public final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /// A usage error or a connection failure.
    public CommandFailedException(String what) {
        this(what, OperationsApiCommand.USAGE_ERROR);
    }

    CommandFailedException(String what, int exitCode) {
        super(what);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
