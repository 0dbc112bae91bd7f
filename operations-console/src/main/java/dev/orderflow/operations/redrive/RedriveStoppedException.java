package dev.orderflow.operations.redrive;

/// A redrive cannot go on. What it has not moved yet stays where it is.
public final class RedriveStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// @param why for a person
    public RedriveStoppedException(String why) {
        super(why);
    }

    RedriveStoppedException(String why, Throwable cause) {
        super(why, cause);
    }
}
