package dev.orderflow.order.domain;

/// A report of the workflow about an order. Reports may arrive late, twice and in any sequence.
public sealed interface WorkflowReport {

    /// Stock is reserved and the payment is authorised.
    record ConfirmationReport() implements WorkflowReport {}

    /// The carrier has the parcel and the money is captured.
    record ShipmentReport() implements WorkflowReport {}

    /// The workflow rejected the order and has compensated all earlier steps.
    record RejectionReport(RejectionReason reason) implements WorkflowReport {}

    /// The workflow found the order cancelled and has compensated all earlier steps.
    record CancellationReport() implements WorkflowReport {}
}
