package dev.orderflow.defaults.idempotency;

import dev.orderflow.defaults.text.Sha256;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Tells two requests apart by what their senders wrote, as [CanonicalJson] reads it, and not by
/// what this release makes of it: a release that knows one field more gives the same request the
/// same fingerprint.
///
/// The text begins with the version of the rule, so that a later rule can be told from this one. A
/// fingerprint of another version equals none of this one: a request is then refused rather than
/// done twice or answered with another one's answer.
///
/// @param text `v1:` and a SHA-256 in hexadecimal
public record RequestFingerprint(String text) {

    private static final String VERSION = "v1:";

    /// No request has it.
    static final RequestFingerprint FORGOTTEN = new RequestFingerprint("forgotten");

    /// The fingerprint of a body.
    ///
    /// @param mapper reads it as strictly as the service does
    /// @throws JacksonException when it is no JSON, or names a member twice
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
