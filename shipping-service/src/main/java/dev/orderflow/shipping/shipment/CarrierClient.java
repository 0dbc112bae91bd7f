package dev.orderflow.shipping.shipment;

import dev.orderflow.shipping.domain.TrackingNumber;
import java.util.UUID;

/// Books parcels with the carrier. A repeated booking of the same order returns the first one.
public interface CarrierClient {

    CarrierBookingResult book(UUID orderId, Parcel parcel);

    /// Withdraws the booking of an order, unless the carrier has the parcel already. A booking
    /// request that is still on its way will not be accepted afterwards. May be repeated.
    WithdrawalResult withdraw(UUID orderId);

    /// The carrier's response to a withdrawal.
    sealed interface WithdrawalResult {

        /// The carrier has no booking and will not accept one.
        record WithdrawalConfirmed() implements WithdrawalResult {}

        /// The carrier has the parcel.
        record WithdrawalTooLate(TrackingNumber trackingNumber) implements WithdrawalResult {}

        /// No response, or one that cannot be used.
        ///
        /// @param reason for the log, without content of the response
        record WithdrawalUnknown(String reason) implements WithdrawalResult {}
    }

    /// The carrier's response to a booking.
    sealed interface CarrierBookingResult {

        record BookingConfirmed(TrackingNumber trackingNumber) implements CarrierBookingResult {}

        /// The carrier will not accept the parcel, now or later.
        record BookingRejected() implements CarrierBookingResult {}

        /// No response, or one that cannot be used. The carrier may have a booking.
        ///
        /// @param reason for the log, without content of the response
        record BookingUnknown(String reason) implements CarrierBookingResult {}
    }
}
