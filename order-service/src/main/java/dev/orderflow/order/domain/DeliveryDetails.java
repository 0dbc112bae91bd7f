package dev.orderflow.order.domain;

import org.jspecify.annotations.Nullable;

/// Where a parcel goes and who hears of it: personal data, which stays in this service.
///
/// @param email where the customer is written to
/// @param postalCode none where addresses do without
/// @param country an ISO 3166 code
public record DeliveryDetails(
        String email,
        String recipient,
        String street,
        @Nullable String postalCode,
        String city,
        String country) {

    /// Leaves everything out, so that no log holds it.
    @Override
    public String toString() {
        return "Delivery[…]";
    }
}
