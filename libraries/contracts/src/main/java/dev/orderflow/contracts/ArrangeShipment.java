package dev.orderflow.contracts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Command of the workflow: the order must be handed to a carrier. The workflow waits for the task
/// token.
///
/// @param command always `ArrangeShipment`
/// @param schemaVersion 1
/// @param orderId the order to ship; its address comes with the dispatch permit
/// @param taskToken resumes the workflow; a secret, never logged
/// @param traceparent the W3C trace parent of the request that caused it
public record ArrangeShipment(
        String command,
        int schemaVersion,
        UUID orderId,
        String taskToken,
        @Nullable String traceparent)
        implements WorkflowCommand {

    public ArrangeShipment {
        MessageValidation.requireSupportedVersion(schemaVersion);
        MessageValidation.requirePresent("orderId", orderId);
        MessageValidation.requireTaskToken(taskToken);
    }

    @Override
    public String toString() {
        return "ArrangeShipment[orderId=" + orderId + "]";
    }
}
