package dev.orderflow.order.domain;

import java.time.Instant;

/// The personal data of an order. It is not part of [Order]: code that needs it reads it at the
/// moment of its use.
public sealed interface PersonalData {

    /// The personal data, decrypted.
    ///
    /// @param paymentMethodId the payment gateway's id of the customer's payment method
    record AvailablePersonalData(DeliveryDetails delivery, String paymentMethodId)
            implements PersonalData {

        /// Omits all values, so that no log contains them.
        @Override
        public String toString() {
            return "AvailablePersonalData[…]";
        }
    }

    /// The personal data was erased permanently. Only final orders are erased.
    record ErasedPersonalData(Instant at) implements PersonalData {}
}
