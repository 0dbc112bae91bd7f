package dev.orderflow.operations.executions;

import dev.orderflow.defaults.text.UuidFormat;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// An execution that ended badly.
///
/// @param name the order's id
/// @param status FAILED, TIMED_OUT or ABORTED
/// @param state the state it was in last
/// @param error the name of the error, or the status when there is none
/// @param redriveCount how often it was redriven before
/// @param refusal why it cannot be redriven, empty when it can
public record StoppedExecution(
        String arn,
        String name,
        String status,
        String state,
        String error,
        Instant stoppedAt,
        int redriveCount,
        Optional<String> refusal) {

    /// What it has in common with others that failed alike.
    public String group() {
        return state + "/" + error;
    }

    /// The same execution, not to be redriven.
    StoppedExecution refusing(Optional<String> why) {
        return new StoppedExecution(arn, name, status, state, error, stoppedAt, redriveCount, why);
    }

    Optional<UUID> orderId() {
        return UuidFormat.parse(name);
    }
}
