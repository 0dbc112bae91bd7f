package dev.orderflow.operations.redrive;

import dev.orderflow.defaults.operators.Operator;
import java.util.UUID;

/// What an operator requested.
///
/// @param id the id of the redrive; a task with the same id is started once
/// @param target the dead-letter queue, or [#WORKFLOWS]
/// @param selection the selected messages or executions
/// @param operator who requested it
/// @param reason the operator's reason
/// @param perSecond the maximum rate, 1 to 100 items per second
/// @param canary whether to process one item first, and the others only if it succeeds
/// @param force whether to process also items that are already processed or could not be checked
public record RedriveTask(
        UUID id,
        RedriveAction action,
        String target,
        RedriveSelection selection,
        Operator operator,
        String reason,
        int perSecond,
        boolean canary,
        boolean force) {

    /// The target of redrives of failed executions.
    public static final String WORKFLOWS = "workflows";

    /// What is done with each item.
    public enum RedriveAction {
        /// A message is sent back to its queue, an execution continues at the failed state.
        REDRIVE,
        /// A message is deleted.
        DISCARD,
        /// A failed execution is removed from the list.
        DISMISS
    }

    public RedriveTask {
        if (perSecond < 1 || perSecond > 100) {
            throw new IllegalArgumentException("perSecond must be 1 to 100 but was " + perSecond);
        }
    }
}
