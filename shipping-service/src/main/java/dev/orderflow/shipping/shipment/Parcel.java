package dev.orderflow.shipping.shipment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The data the carrier needs. Personal data: passed to the carrier, neither stored nor logged.
public record Parcel(String recipient, ParcelAddress address, List<ParcelLine> lines) {

    public Parcel {
        lines = List.copyOf(lines);
    }

    @Override
    public String toString() {
        return "Parcel[" + lines.size() + " lines]";
    }

    /// The delivery address.
    ///
    /// @param postalCode null in countries without postal codes
    public record ParcelAddress(
            String street, @Nullable String postalCode, String city, String country) {

        @Override
        public String toString() {
            return "ParcelAddress[…]";
        }
    }

    public record ParcelLine(String sku, int quantity) {}
}
