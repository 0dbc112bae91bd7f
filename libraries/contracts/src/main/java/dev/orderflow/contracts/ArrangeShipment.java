package dev.orderflow.contracts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The workflow asks for an order to be handed to a carrier, and waits for the answer to its task
/// token.
///
/// @param command always `ArrangeShipment`
/// @param schemaVersion 1
/// @param orderId what to ship; the address comes with the dispatch permit
/// @param taskToken answers the workflow; a secret, never logged
/// @param traceparent of the request behind it
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
        MessageValidation.requirePresent("taskToken", taskToken);
    }

    @Override
    public String toString() {
        return "ArrangeShipment[orderId=" + orderId + "]";
    }
}
