package dev.orderflow.operations.redrive;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// A redrive, running or ended.
///
/// @param done redriven or discarded
/// @param skipped needed no more
/// @param held kept where they were, because something speaks against them
/// @param failed could not be moved
/// @param note why it stopped, or what else is to be known
public record Redrive(
        UUID id,
        String target,
        Assignment.Action action,
        String by,
        String reason,
        String selection,
        State state,
        Instant startedAt,
        Optional<Instant> endedAt,
        int done,
        int skipped,
        int held,
        int failed,
        Optional<String> note) {

    /// Where it is.
    public enum State {
        RUNNING,
        /// Went through everything that was selected.
        DONE,
        /// Ended early; the note says why.
        STOPPED,
        /// Its instance died or lost the lease.
        ABANDONED
    }
}
