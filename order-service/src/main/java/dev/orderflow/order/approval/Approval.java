package dev.orderflow.order.approval;

import dev.orderflow.contracts.value.Money;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The approval of an order above the approval limit.
///
/// @param requestedAt when the workflow last requested it
/// @param decision the decision, if there is one
/// @param completedAt when the workflow took the decision, or its task token was found expired
record Approval(
        UUID orderId,
        Money total,
        Instant requestedAt,
        Optional<RecordedDecision> decision,
        Optional<Instant> completedAt) {

    /// A decision.
    ///
    /// @param decidedBy the operator's name as given in the request
    record RecordedDecision(
            ApprovalDecision decision,
            String decidedBy,
            Optional<String> note,
            Instant decidedAt) {}
}
