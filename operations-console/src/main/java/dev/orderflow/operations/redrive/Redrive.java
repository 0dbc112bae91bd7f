package dev.orderflow.operations.redrive;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A running or ended redrive, discard or dismissal.
///
/// @param operator the subject of the operator who requested it
/// @param operatorName the name of the operator at that time
/// @param done how many items were redriven, discarded or dismissed
/// @param skipped how many needed no redrive any more
/// @param blocked how many were left where they are; the reasons say why
/// @param failed how many could not be moved
/// @param note why it stopped early, or what an operator should know
/// @param reasons why items were skipped, blocked or failed
/// @param planId the plan that it was started with; empty when there was none
/// @param canaryPassed whether its canary was processed, so that the other items follow
public record Redrive(
        UUID id,
        String target,
        RedriveTask.RedriveAction action,
        String operator,
        String operatorName,
        String reason,
        String selection,
        RedriveState state,
        Instant startedAt,
        Optional<Instant> endedAt,
        int done,
        int skipped,
        int blocked,
        int failed,
        Optional<String> note,
        List<RedriveReason> reasons,
        Optional<UUID> planId,
        boolean canaryPassed) {

    /// Items that were not redriven for the same reason.
    ///
    /// @param outcome SKIPPED, BLOCKED or FAILED
    /// @param description the reason, as text for operators
    /// @param count how many items
    /// @param ids the first 20 ids of messages or names of executions
    public record RedriveReason(String outcome, String description, int count, List<String> ids) {

        public RedriveReason {
            ids = List.copyOf(ids);
        }
    }

    /// The progress of a redrive.
    public enum RedriveState {
        RUNNING,
        /// An operator paused it. No other redrive of its target can start until it is resumed and
        /// ends, or is cancelled.
        PAUSED,
        /// Every selected item was processed, skipped, blocked or has failed.
        DONE,
        /// Ended early; the note says why.
        STOPPED,
        /// An operator ended it.
        CANCELLED,
        /// Its instance died, and it cannot be continued.
        ABANDONED
    }
}
