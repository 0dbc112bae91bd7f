package dev.orderflow.order.domain;

/// What somebody wants of an order, to be granted or refused at once.
public enum OrderCommand {
    /// The customer wants to cancel.
    CANCEL,
    /// Shipping wants to hand the parcel over.
    DISPATCH
}
