package dev.orderflow.order.domain;

/// A request to change an order that is granted or refused immediately.
public enum OrderCommand {
    /// The customer cancels the order.
    CANCEL,
    /// Shipping asks for the permit to hand the parcel to the carrier.
    DISPATCH
}
