package dev.orderflow.operations.redrive;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A redrive, running or ended.
///
/// @param done redriven or discarded
/// @param skipped needed no more
/// @param blocked left in the queue, because they contradict their order's state
/// @param failed could not be moved
/// @param note why it stopped, or what else is to be known
/// @param reasons why what was skipped, blocked or failed was
public record Redrive(
        UUID id,
        String target,
        RedriveTask.RedriveAction action,
        String operator,
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
        List<RedriveReason> reasons) {

    /// Why some were not redriven.
    ///
    /// @param outcome SKIPPED, BLOCKED or FAILED
    /// @param why in words
    /// @param count how many
    /// @param ids of the messages or executions, the first 20
    public record RedriveReason(String outcome, String why, int count, List<String> ids) {

        public RedriveReason {
            ids = List.copyOf(ids);
        }
    }

    /// Where it is.
    public enum RedriveState {
        RUNNING,
        /// Went through everything that was selected.
        DONE,
        /// Ended early; the note says why.
        STOPPED,
        /// Its instance died or lost the lease.
        ABANDONED
    }
}
