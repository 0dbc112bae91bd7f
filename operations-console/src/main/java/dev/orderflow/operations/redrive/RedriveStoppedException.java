package dev.orderflow.operations.redrive;

/// A redrive cannot continue. The remaining items stay where they are.
public final class RedriveStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// @param reason the note that operators read
    public RedriveStoppedException(String reason) {
        super(reason);
    }

    RedriveStoppedException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
