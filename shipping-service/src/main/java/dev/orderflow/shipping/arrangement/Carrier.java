package dev.orderflow.shipping.arrangement;

import dev.orderflow.shipping.domain.TrackingNumber;
import java.util.UUID;

/// Who takes parcels. Booking again for the same order gives the first booking.
public interface Carrier {

    Booking book(UUID orderId, Parcel parcel);

    /// Makes sure that no parcel is taken for an order, now or by a booking that is still on its
    /// way; unless the carrier has it already. May be repeated.
    Withdrawal withdraw(UUID orderId);

    /// What becomes of a withdrawal.
    sealed interface Withdrawal {

        /// The carrier does not have the parcel and will not take it any more.
        record Withdrawn() implements Withdrawal {}

        /// The carrier has the parcel.
        record TooLate(TrackingNumber trackingNumber) implements Withdrawal {}

        /// No answer, or none that can be understood.
        ///
        /// @param why for the log, without anything of the answer
        record Unknown(String why) implements Withdrawal {}
    }

    /// What the carrier says.
    sealed interface Booking {

        /// It has the parcel.
        record Made(TrackingNumber trackingNumber) implements Booking {}

        /// It will never take the parcel.
        record Refused() implements Booking {}

        /// No answer, or none that can be understood: nobody knows whether it has the parcel.
        ///
        /// @param why for the log, without anything of the answer
        record Unknown(String why) implements Booking {}
    }
}
