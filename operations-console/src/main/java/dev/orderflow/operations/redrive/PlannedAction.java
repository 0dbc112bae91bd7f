package dev.orderflow.operations.redrive;

/// What a redrive, a discard or a dismissal is predicted to do with an item.
public enum PlannedAction {
    /// A message is sent to its consumer, an execution continues, and both succeed.
    REDRIVEN,
    /// Nothing, because it is not needed any more.
    SKIPPED,
    /// Nothing, because it would contradict the state of its order, or cannot be checked.
    BLOCKED,
    /// A message is deleted.
    DISCARDED,
    /// A failed execution is removed from the list.
    DISMISSED
}
