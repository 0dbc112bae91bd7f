package dev.orderflow.order.domain;

import java.time.Instant;

/// What an order has of personal data. It is no part of the [OrderRecord]: whoever needs it asks for it
/// at the moment of its use, and everything else goes on without.
public sealed interface PersonalData {

    /// It is there.
    ///
    /// @param paymentMethodId what the gateway knows the customer's payment method by
    record AvailablePersonalData(DeliveryDetails delivery, String paymentMethodId)
            implements PersonalData {

        /// Leaves everything out, so that no log holds it.
        @Override
        public String toString() {
            return "Held[…]";
        }
    }

    /// It was erased for good, which happens to orders that have ended only.
    record ErasedPersonalData(Instant at) implements PersonalData {}
}
