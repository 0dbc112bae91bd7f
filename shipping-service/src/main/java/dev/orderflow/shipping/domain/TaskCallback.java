package dev.orderflow.shipping.domain;

import dev.orderflow.contracts.value.TaskToken;
import java.time.Instant;

/// The callback that the workflow expects: the task token it sent and whether it was answered.
public sealed interface TaskCallback {

    /// No workflow has requested the shipment yet. The shipment exists because a cancellation
    /// arrived before the request.
    record CallbackNotRequested() implements TaskCallback {}

    /// The workflow waits for an answer to this token.
    ///
    /// @param requestedAt when the request was sent; the latest one has the token that counts
    record CallbackPending(TaskToken token, Instant requestedAt) implements TaskCallback {}

    /// The workflow has accepted the answer.
    record CallbackAnswered(TaskToken token, Instant requestedAt) implements TaskCallback {}

    /// The workflow no longer accepts an answer to this token. It either sends another request with
    /// a new token or has ended.
    ///
    /// @param error the error code that Step Functions returned
    record CallbackExpired(TaskToken token, Instant requestedAt, String error)
            implements TaskCallback {}

    /// The name of the state in the API and in the table.
    default CallbackStateCode code() {
        return switch (this) {
            case CallbackNotRequested _ -> CallbackStateCode.NOT_REQUESTED;
            case CallbackPending _ -> CallbackStateCode.PENDING;
            case CallbackAnswered _ -> CallbackStateCode.ANSWERED;
            case CallbackExpired _ -> CallbackStateCode.EXPIRED;
        };
    }
}
