package dev.orderflow.defaults.idempotency;

import dev.orderflow.defaults.text.Sha256;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Identifies the content of a request by the canonical form ([CanonicalJson]) of the body as it
/// was sent, independently of the fields that this release knows: another release computes the same
/// fingerprint for the same request.
///
/// The text starts with the version of the algorithm. Fingerprints of different versions are never
/// equal: a repeated request is then rejected instead of being executed twice or answered with the
/// response of another request.
///
/// @param text `v1:` and a SHA-256 in hexadecimal
public record RequestFingerprint(String text) {

    private static final String VERSION = "v1:";

    /// Equal to the fingerprint of no request.
    static final RequestFingerprint ERASED = new RequestFingerprint("erased");

    /// Computes the fingerprint of a body.
    ///
    /// @param mapper parses it as strictly as the service does
    /// @throws JacksonException when it is not JSON, contains a duplicate member or exceeds a limit
    static RequestFingerprint of(byte[] body, JsonMapper mapper) {
        var canonical = CanonicalJson.of(body, mapper).getBytes(StandardCharsets.US_ASCII);
        return new RequestFingerprint(VERSION + Sha256.hex(canonical));
    }

    static RequestFingerprint ofBytes(byte[] stored) {
        return new RequestFingerprint(new String(stored, StandardCharsets.ISO_8859_1));
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
