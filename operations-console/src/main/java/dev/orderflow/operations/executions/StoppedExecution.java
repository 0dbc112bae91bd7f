package dev.orderflow.operations.executions;

import dev.orderflow.defaults.text.UuidFormat;
import dev.orderflow.operations.redrive.RedriveSelection;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// A failed, timed-out or aborted execution.
///
/// @param name the order's id
/// @param status FAILED, TIMED_OUT or ABORTED
/// @param state the last state that it entered
/// @param error the name of the error, or the status if it has none
/// @param redriveCount how often it was redriven
/// @param refusal why it cannot be redriven; empty when it can
public record StoppedExecution(
        String arn,
        String name,
        String status,
        String state,
        String error,
        Instant stoppedAt,
        int redriveCount,
        Optional<String> refusal) {

    /// The group of executions that failed in the same state with the same error.
    public String group() {
        return state + "/" + error;
    }

    /// The same execution with the reason why it cannot be redriven.
    StoppedExecution withRefusal(Optional<String> reason) {
        return new StoppedExecution(
                arn, name, status, state, error, stoppedAt, redriveCount, reason);
    }

    /// What a selection can be about.
    RedriveSelection.SelectableItem toSelectable() {
        return new RedriveSelection.SelectableItem(
                name, group(), status, error, orderId(), stoppedAt);
    }

    Optional<UUID> orderId() {
        return UuidFormat.parse(name);
    }
}
