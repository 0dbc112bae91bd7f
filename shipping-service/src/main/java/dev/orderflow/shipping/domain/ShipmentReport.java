package dev.orderflow.shipping.domain;

import java.time.Instant;

/// What happened to a shipment, reported by the workflow, order-service, payment-service or the
/// carrier.
public sealed interface ShipmentReport {

    /// The workflow requested the shipment of the order.
    ///
    /// @param requestedAt when the request was put on its queue
    record ShipmentRequested(TaskToken token, Instant requestedAt) implements ShipmentReport {}

    /// The customer requested the cancellation and order-service accepted it.
    record CancellationRequested() implements ShipmentReport {}

    /// order-service granted the dispatch permit.
    record PermitGranted() implements ShipmentReport {}

    /// order-service denied the dispatch permit for good.
    record PermitDenied() implements ShipmentReport {}

    /// payment-service reported that the payment's authorisation does not last until the capture.
    record AuthorizationExpiryReported() implements ShipmentReport {}

    /// The carrier confirmed that it has no booking and will not accept one for this order.
    record BookingWithdrawn() implements ShipmentReport {}

    /// The carrier accepted the booking.
    record CarrierBooked(TrackingNumber trackingNumber) implements ShipmentReport {}

    /// The carrier refused the parcel for good.
    record CarrierRefused() implements ShipmentReport {}

    /// The workflow accepted the answer.
    record AnswerAccepted(TaskToken token) implements ShipmentReport {}

    /// The workflow no longer accepts an answer to this token.
    ///
    /// @param error the error code that Step Functions returned
    record TaskTokenRejected(TaskToken token, String error) implements ShipmentReport {}
}
