package dev.orderflow.order.approval;

/// What becomes of an order that waits for approval.
enum ApprovalDecision {
    /// A person lets it go on.
    APPROVE,
    /// A person stops it.
    REJECT,
    /// Its customer does not want it any more.
    CANCEL
}
