package dev.orderflow.shipping.domain;

import dev.orderflow.contracts.value.TaskToken;
import java.time.Instant;

/// What happened to a shipment, reported by the workflow, order-service, payment-service or the
/// carrier.
public sealed interface ShipmentUpdate {

    /// The workflow requested the shipment of the order.
    ///
    /// @param requestedAt when the request was put on its queue
    record ShipmentRequested(TaskToken token, Instant requestedAt) implements ShipmentUpdate {}

    /// The customer requested the cancellation and order-service accepted it.
    record CancellationRequested() implements ShipmentUpdate {}

    /// order-service granted the dispatch permit.
    record PermitGranted() implements ShipmentUpdate {}

    /// order-service denied the dispatch permit for good.
    record PermitDenied() implements ShipmentUpdate {}

    /// payment-service reported that the payment's authorisation does not last until the capture.
    record AuthorizationExpiryReported() implements ShipmentUpdate {}

    /// The carrier confirmed that it has no booking and will not accept one for this order.
    record BookingWithdrawn() implements ShipmentUpdate {}

    /// The carrier accepted the booking.
    record CarrierBooked(TrackingNumber trackingNumber) implements ShipmentUpdate {}

    /// The carrier rejected the parcel for good.
    record CarrierRejected() implements ShipmentUpdate {}

    /// The workflow accepted the answer.
    record AnswerAccepted(TaskToken token) implements ShipmentUpdate {}

    /// The workflow no longer accepts an answer to this token.
    ///
    /// @param error the error code that Step Functions returned
    record TaskTokenRejected(TaskToken token, String error) implements ShipmentUpdate {}
}
