package dev.orderflow.shipping.arrangement;

import dev.orderflow.shipping.domain.TrackingNumber;
import java.util.UUID;

/// Who takes parcels. Booking again for the same order gives the first booking.
public interface Carrier {

    Booking book(UUID orderId, Parcel parcel);

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
