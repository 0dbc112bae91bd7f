package dev.orderflow.shipping.domain;

import java.time.Instant;

/// What can be heard about a shipment.
public sealed interface Report {

    /// The workflow asks for the order to be shipped.
    ///
    /// @param at when the request was put on its queue
    record Asked(TaskToken token, Instant at) implements Report {}

    /// The customer wants to cancel and order-service has agreed.
    record CancellationRequested() implements Report {}

    /// order-service gave the dispatch permit.
    record PermitGranted() implements Report {}

    /// order-service will never give the dispatch permit.
    record PermitDenied() implements Report {}

    /// payment-service says that the payment's hold does not last.
    record HoldEnded() implements Report {}

    /// The carrier does not have the parcel and will not take it any more.
    record BookingWithdrawn() implements Report {}

    /// The carrier has the parcel.
    record CarrierBooked(TrackingNumber trackingNumber) implements Report {}

    /// The carrier will never take the parcel.
    record CarrierRefused() implements Report {}

    /// The workflow took the answer.
    record AnswerTaken(TaskToken token) implements Report {}

    /// The workflow no longer waits with this token.
    ///
    /// @param why the error it gave
    record NobodyWaits(TaskToken token, String why) implements Report {}
}
