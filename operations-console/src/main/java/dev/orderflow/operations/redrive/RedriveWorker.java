package dev.orderflow.operations.redrive;

import java.util.Optional;

/// Knows how to process the items of some targets, so that a redrive continues after a pause, or
/// after its instance died.
public interface RedriveWorker {

    /// The work of a task; empty when its target is another's.
    Optional<RedriveService.RedriveWork> findWork(RedriveTask task);
}
