package dev.orderflow.operations.redrive;

/// The result of an item that an operator selected.
public enum ItemResult {
    /// Its consumer handled the message, or the execution has left the state in which it failed.
    PROCESSED,
    /// Its consumer cannot tell, and the message did not come back in time.
    NOT_BACK,
    /// The message was dead-lettered again, or the execution failed again.
    CAME_BACK,
    /// The consumer has not handled the message after a long time, and it did not come back.
    NOT_PROCESSED,
    /// It was redriven, and neither is known yet.
    WAITING,
    /// The message was deleted.
    DISCARDED,
    /// The execution was removed from the list.
    DISMISSED,
    /// It needed no redrive any more.
    SKIPPED,
    /// It was left where it is.
    BLOCKED,
    /// It could not be moved.
    FAILED,
    /// The redrive ended without it: it was stopped or cancelled before, or the item was not there.
    NOT_RUN,
    /// The redrive has not come to it yet.
    PENDING;

    /// Whether it can still change.
    boolean isOpen() {
        return this == WAITING || this == PENDING;
    }

    /// Whether this is what was predicted.
    boolean confirms(PlannedAction predicted) {
        return switch (predicted) {
            case REDRIVEN -> this == PROCESSED || this == NOT_BACK;
            case SKIPPED -> this == SKIPPED;
            case BLOCKED -> this == BLOCKED;
            case DISCARDED -> this == DISCARDED;
            case DISMISSED -> this == DISMISSED;
        };
    }
}
