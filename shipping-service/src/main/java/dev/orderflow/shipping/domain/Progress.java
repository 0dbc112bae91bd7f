package dev.orderflow.shipping.domain;

/// How far a shipment is.
public sealed interface Progress {

    /// Asked for; it may still be cancelled.
    record Waiting() implements Progress {}

    /// order-service gave its leave, so it can no longer be cancelled. The carrier may have the
    /// parcel already, without us knowing.
    record Permitted() implements Progress {}

    /// The carrier has the parcel.
    record Booked(TrackingNumber trackingNumber) implements Progress {}

    /// The carrier will not take the parcel, today or ever.
    record Refused() implements Progress {}

    /// The customer was faster.
    record Cancelled() implements Progress {}

    /// The payment's hold does not last until the parcel's capture, and the carrier does not have
    /// the parcel.
    record HoldEnded() implements Progress {}

    /// Whether there is something to tell the workflow.
    default boolean decided() {
        return switch (this) {
            case Waiting _, Permitted _ -> false;
            case Booked _, Refused _, Cancelled _, HoldEnded _ -> true;
        };
    }
}
