package dev.orderflow.operations.redrive;

import dev.orderflow.defaults.operators.Operator;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
/// @param planId the plan that the operator saw; empty when there is none
/// @param changes the new values by field of a message that is edited; empty for other actions
public record RedriveTask(
        UUID id,
        RedriveAction action,
        String target,
        RedriveSelection selection,
        Operator operator,
        String reason,
        int perSecond,
        boolean canary,
        boolean force,
        Optional<UUID> planId,
        Map<String, String> changes) {

    /// The target of redrives of failed executions.
    public static final String WORKFLOWS = "workflows";

    /// What is done with each item.
    public enum RedriveAction {
        /// A message is sent back to its queue, an execution continues at the failed state.
        REDRIVE,
        /// A message is deleted.
        DISCARD,
        /// A message is changed, sent in place of the original, and the original is deleted.
        EDIT,
        /// A failed execution is removed from the list.
        DISMISS
    }

    public RedriveTask {
        changes = Collections.unmodifiableMap(new TreeMap<>(changes));
        if (changes.isEmpty() == (action == RedriveAction.EDIT)) {
            throw new IllegalArgumentException("an edit has changes, and nothing else has");
        }
        if (perSecond < 1 || perSecond > 100) {
            throw new IllegalArgumentException("perSecond must be 1 to 100 but was " + perSecond);
        }
    }
}
