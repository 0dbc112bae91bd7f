package dev.orderflow.shipping.arrangement;

import dev.orderflow.shipping.domain.TaskToken;
import dev.orderflow.shipping.domain.TrackingNumber;
import java.util.UUID;

/// The workflow that waits for the outcome.
public interface WaitingWorkflow {

    Reception shipped(TaskToken token, UUID shipmentId, TrackingNumber trackingNumber);

    Reception cancelled(TaskToken token);

    Reception refused(TaskToken token);

    Reception holdEnded(TaskToken token);

    /// Tells that the shipment is still being worked on.
    Reception stillWaiting(TaskToken token);

    /// What the workflow made of it.
    sealed interface Reception {

        /// It heard.
        record Taken() implements Reception {}

        /// It does not wait with this token, and never will again.
        ///
        /// @param why the error it gave
        record NobodyWaits(String why) implements Reception {}

        /// It could not be reached.
        ///
        /// @param why for the log
        record Unreachable(String why) implements Reception {}
    }
}
