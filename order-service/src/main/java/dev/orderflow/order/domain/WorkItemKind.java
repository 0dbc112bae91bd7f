package dev.orderflow.order.domain;

/// Why a person must look at an order.
public enum WorkItemKind {
    /// Its workflow failed, timed out or was aborted.
    WORKFLOW_FAILED,
    /// Its workflow failed while it undid something: money or stock may still be held.
    COMPENSATION_FAILED,
    /// A report contradicts what is known.
    OUT_OF_ORDER,
    /// An event of it was given up.
    EVENT_PARKED,
    /// It made no progress for longer than its state allows.
    STUCK
}
