package dev.orderflow.shipping.arrangement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the carrier needs to know. Personal data: it is passed on and neither stored nor logged.
public record Parcel(String recipient, Address address, List<Line> lines) {

    public Parcel {
        lines = List.copyOf(lines);
    }

    @Override
    public String toString() {
        return "Parcel[" + lines.size() + " lines]";
    }

    /// Where to.
    ///
    /// @param postalCode none where addresses do without
    public record Address(String street, @Nullable String postalCode, String city, String country) {

        @Override
        public String toString() {
            return "Address[…]";
        }
    }

    /// What is in it.
    public record Line(String sku, int quantity) {}
}
