package dev.orderflow.shipping.domain;

/// The status of a shipment as the table and the API name it; see [ShipmentState].
public enum ShipmentStatus {
    WAITING,
    DISPATCH_PERMITTED,
    BOOKED,
    REJECTED,
    CANCELLED,
    AUTHORIZATION_EXPIRED
}
