package dev.orderflow.contracts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The workflow asks a person to approve an order above the limit, and waits for the answer to its
/// task
/// token.
///
/// @param command always `ApproveOrder`
/// @param schemaVersion 1
/// @param orderId what to decide on
/// @param total how much it is about
/// @param taskToken answers the workflow; a secret, never logged
/// @param traceparent of the request behind it
public record ApproveOrder(
        String command,
        int schemaVersion,
        UUID orderId,
        Total total,
        String taskToken,
        @Nullable String traceparent)
        implements WorkflowCommand {

    public ApproveOrder {
        MessageValidation.requireSupportedVersion(schemaVersion);
        MessageValidation.requirePresent("orderId", orderId);
        MessageValidation.requirePresent("taskToken", taskToken);
        MessageValidation.requirePresent("total", total);
    }

    @Override
    public String toString() {
        return "ApproveOrder[orderId=" + orderId + ", total=" + total + "]";
    }
}
