package dev.orderflow.order.approval;

/// The decision about an order that waits for approval.
enum ApprovalDecision {
    /// An operator approved the order; the workflow continues.
    APPROVE,
    /// An operator rejected the order.
    REJECT,
    /// The customer cancelled before a decision.
    CANCEL
}
