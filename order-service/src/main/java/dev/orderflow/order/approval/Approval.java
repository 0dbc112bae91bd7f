package dev.orderflow.order.approval;

import dev.orderflow.contracts.value.Money;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// An order that waits, or waited, for a person's decision.
///
/// @param askedAt when the workflow asked, the last time
/// @param decided the decision, once there is one
/// @param answeredAt when the workflow took it, or was found to wait no more
record Approval(
        UUID orderId,
        Money total,
        Instant requestedAt,
        Optional<RecordedDecision> decision,
        Optional<Instant> completedAt) {

    /// A decision.
    ///
    /// @param by who decided, as they said
    record RecordedDecision(
            ApprovalDecision decision,
            String decidedBy,
            Optional<String> note,
            Instant decidedAt) {}
}
