package dev.orderflow.operations.redrive;

/// What somebody wants done.
///
/// @param target the dead-letter queue, or [#WORKFLOWS]
/// @param selection which messages or executions, in words, for the record
/// @param operator who requests it
/// @param reason why
/// @param perSecond at most so many each second
/// @param canary one first, the rest when it is settled
/// @param force also what needs it no more, or could not be checked
public record RedriveTask(
        RedriveAction action,
        String target,
        String selection,
        String operator,
        String reason,
        int perSecond,
        boolean canary,
        boolean force) {

    /// The target of redrives of failed executions.
    public static final String WORKFLOWS = "workflows";

    /// What is done to each.
    public enum RedriveAction {
        /// Sent back or let go on.
        REDRIVE,
        /// A message is deleted.
        DISCARD,
        /// A failed execution is taken off the list.
        DISMISS
    }

    public RedriveTask {
        if (perSecond < 1 || perSecond > 100) {
            throw new IllegalArgumentException("perSecond must be 1 to 100 but was " + perSecond);
        }
    }
}
