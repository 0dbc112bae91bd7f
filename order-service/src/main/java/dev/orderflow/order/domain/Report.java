package dev.orderflow.order.domain;

/// What the workflow says has happened to an order. Reports may come late, twice and in any order.
public sealed interface Report {

    /// Stock is held and the payment is authorised.
    record Confirmed() implements Report {}

    /// The carrier has the parcel and the money is captured.
    record Shipped() implements Report {}

    /// The workflow gave up and has undone what it did.
    record Rejected(RejectionReason reason) implements Report {}

    /// The workflow found the order cancelled and has undone what it did.
    record Cancelled() implements Report {}
}
