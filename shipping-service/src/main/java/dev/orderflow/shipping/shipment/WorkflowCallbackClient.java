package dev.orderflow.shipping.shipment;

import dev.orderflow.contracts.value.TaskToken;
import dev.orderflow.shipping.domain.TrackingNumber;
import java.util.UUID;

/// Sends the result of the shipping task, and heartbeats, to the workflow.
public interface WorkflowCallbackClient {

    CallbackResult reportShipped(TaskToken token, UUID shipmentId, TrackingNumber trackingNumber);

    CallbackResult reportCancelled(TaskToken token);

    CallbackResult reportRejected(TaskToken token);

    CallbackResult reportAuthorizationExpired(TaskToken token);

    /// Reports that the shipment is still being processed, which restarts the task's heartbeat
    /// time-out.
    CallbackResult sendHeartbeat(TaskToken token);

    /// The workflow's response.
    sealed interface CallbackResult {

        /// The workflow accepted the call.
        record CallbackAccepted() implements CallbackResult {}

        /// The token has expired or is unknown, and stays so.
        ///
        /// @param error the error code that Step Functions returned
        record TaskTokenInvalid(String error) implements CallbackResult {}

        /// The call failed and may be repeated.
        ///
        /// @param reason for the log
        record WorkflowUnreachable(String reason) implements CallbackResult {}
    }
}
