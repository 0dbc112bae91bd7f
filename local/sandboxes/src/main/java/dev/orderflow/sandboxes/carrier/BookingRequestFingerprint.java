package dev.orderflow.sandboxes.carrier;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/// The fingerprint of a booking request, which is stored instead of the address.
///
/// It computes the digest itself, since a sandbox stands for an external system and uses nothing of
/// the services' libraries.
final class BookingRequestFingerprint {

    private BookingRequestFingerprint() {}

    static String of(JsonNode request) {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(request.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
