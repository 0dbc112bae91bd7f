package dev.orderflow.operations.redrive;

/// Knows how to process the items of some targets: those who start a redrive, and an instance that
/// continues it after a pause or after another instance died, use the same.
public interface RedriveWorker {

    /// Whether the items of a target are its own.
    boolean handles(String target);

    /// The work of a task whose target is its own.
    RedriveService.RedriveWork workOf(RedriveTask task);

    /// Finds the result of an item that was redriven.
    ///
    /// @return [ItemResult#WAITING] when it is not known yet
    ItemResult findResult(RedrivenItem item);
}
