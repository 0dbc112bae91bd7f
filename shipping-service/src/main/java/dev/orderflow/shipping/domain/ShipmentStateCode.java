package dev.orderflow.shipping.domain;

/// The name of a [ShipmentState] in the API and in the table.
public enum ShipmentStateCode {
    WAITING,
    DISPATCH_PERMITTED,
    BOOKED,
    REJECTED,
    CANCELLED,
    AUTHORIZATION_EXPIRED
}
