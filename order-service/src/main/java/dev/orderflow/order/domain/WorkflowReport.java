package dev.orderflow.order.domain;

/// What the workflow says has happened to an order. Reports may come late, twice and in any order.
public sealed interface WorkflowReport {

    /// Stock is held and the payment is authorised.
    record ConfirmationReport() implements WorkflowReport {}

    /// The carrier has the parcel and the money is captured.
    record ShipmentReport() implements WorkflowReport {}

    /// The workflow gave up and has undone what it did.
    record RejectionReport(RejectionReason reason) implements WorkflowReport {}

    /// The workflow found the order cancelled and has undone what it did.
    record CancellationReport() implements WorkflowReport {}
}
