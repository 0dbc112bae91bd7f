package dev.orderflow.order.domain;

/// Why an operator must look at an order.
public enum WorkItemKind {
    /// The workflow failed, timed out or was aborted.
    WORKFLOW_FAILED,
    /// The workflow failed in a compensation: an authorisation or a reservation may be left.
    COMPENSATION_FAILED,
    /// A workflow report contradicted the state of the order.
    OUT_OF_ORDER,
    /// An event of the order was parked by the outbox.
    EVENT_PARKED,
    /// The order made no progress for longer than its state allows.
    STUCK
}
