package dev.orderflow.shipping.domain;

/// The state of a shipment.
public sealed interface ShipmentState {

    /// Requested, without a dispatch permit. The order may still be cancelled.
    record ShipmentWaiting() implements ShipmentState {}

    /// order-service granted the dispatch permit, so the order can no longer be cancelled. A
    /// booking may already exist at the carrier whose answer was lost.
    record ShipmentPermitted() implements ShipmentState {}

    /// The carrier accepted the booking.
    record ShipmentBooked(TrackingNumber trackingNumber) implements ShipmentState {}

    /// The carrier rejected the parcel for good.
    record ShipmentRejected() implements ShipmentState {}

    /// The order was cancelled before it was dispatched.
    record ShipmentCancelled() implements ShipmentState {}

    /// The payment's authorisation expires before the capture would happen, and the carrier has no
    /// booking.
    record AuthorizationExpired() implements ShipmentState {}

    /// Whether the state is an outcome that is reported to the workflow.
    default boolean isFinal() {
        return switch (this) {
            case ShipmentWaiting _, ShipmentPermitted _ -> false;
            case ShipmentBooked _,
                    ShipmentRejected _,
                    ShipmentCancelled _,
                    AuthorizationExpired _ ->
                    true;
        };
    }

    /// The name of the state in the API and in the table.
    default ShipmentStateCode code() {
        return switch (this) {
            case ShipmentWaiting _ -> ShipmentStateCode.WAITING;
            case ShipmentPermitted _ -> ShipmentStateCode.DISPATCH_PERMITTED;
            case ShipmentBooked _ -> ShipmentStateCode.BOOKED;
            case ShipmentRejected _ -> ShipmentStateCode.REJECTED;
            case ShipmentCancelled _ -> ShipmentStateCode.CANCELLED;
            case AuthorizationExpired _ -> ShipmentStateCode.AUTHORIZATION_EXPIRED;
        };
    }
}
