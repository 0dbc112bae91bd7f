package dev.orderflow.order.domain;

import org.jspecify.annotations.Nullable;

/// The delivery address and e-mail address of an order. This is personal data and is stored by this
/// service only.
///
/// @param email the address that notifications are sent to
/// @param postalCode null in countries without postal codes
/// @param country an ISO 3166-1 alpha-2 code
public record DeliveryDetails(
        String email,
        String recipient,
        String street,
        @Nullable String postalCode,
        String city,
        String country) {

    /// Omits all values, so that no log contains them.
    @Override
    public String toString() {
        return "DeliveryDetails[…]";
    }
}
