package dev.orderflow.sandboxes.carrier;

import dev.orderflow.defaults.text.Sha256;
import tools.jackson.databind.JsonNode;

/// Tells whether two requests ask for the same parcel, without keeping the address.
final class BookingRequestFingerprint {

    private BookingRequestFingerprint() {}

    static String of(JsonNode request) {
        return Sha256.hex(request.toString());
    }
}
