package dev.orderflow.contracts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Command of the workflow: an operator must approve an order above the approval limit. The
/// workflow waits for the task token.
///
/// @param command always `ApproveOrder`
/// @param schemaVersion 1
/// @param orderId the order to decide on
/// @param total the total of the order
/// @param taskToken resumes the workflow; a secret, never logged
/// @param traceparent the W3C trace parent of the request that caused it
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
        MessageValidation.requireTaskToken(taskToken);
        MessageValidation.requirePresent("total", total);
    }

    @Override
    public String toString() {
        return "ApproveOrder[orderId=" + orderId + ", total=" + total + "]";
    }
}
