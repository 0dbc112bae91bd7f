package dev.orderflow.order.approval;

import dev.orderflow.contracts.value.Money;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The approval of an order above the approval limit.
///
/// @param requestedAt when the workflow last requested it
/// @param decision the decision, if there is one
/// @param completedAt when the workflow took the decision, or its task or the order had ended
record Approval(
        UUID orderId,
        Money total,
        Instant requestedAt,
        Optional<RecordedDecision> decision,
        Optional<Instant> completedAt) {

    /// A decision.
    ///
    /// @param decidedBy the subject of the operator's access token, or why the system decided
    /// @param decidedByName the name of the operator; empty when the system decided
    record RecordedDecision(
            ApprovalDecision decision,
            String decidedBy,
            Optional<String> decidedByName,
            Optional<String> note,
            Instant decidedAt) {}
}
