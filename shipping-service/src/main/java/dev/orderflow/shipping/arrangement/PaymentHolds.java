package dev.orderflow.shipping.arrangement;

import java.util.UUID;

/// Where it is asked whether an order's money can be captured once its parcel is gone. Asked before
/// each booking, since a hold ends by itself after some days.
public interface PaymentHolds {

    Hold verify(UUID orderId);

    /// What is said of a hold.
    sealed interface Hold {

        /// It outlasts the booking and the capture.
        record Lasts() implements Hold {}

        /// It has ended, or ends too soon: nothing may be dispatched on it.
        record Ended() implements Hold {}

        /// The order has no payment.
        record NoPayment() implements Hold {}

        /// No answer, or none that can be understood.
        ///
        /// @param why for the log, without anything of the answer
        record NoAnswer(String why) implements Hold {}
    }
}
