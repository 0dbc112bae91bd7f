package dev.orderflow.defaults.idempotency;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import tools.jackson.databind.json.JsonMapper;

/// Tells two requests apart by what they ask, not by their white space or the order of their
/// fields.
public final class Fingerprint {

    private static final int BYTES = 32;

    /// No request has it.
    static final Fingerprint OF_NOTHING = new Fingerprint(new byte[BYTES]);

    private final byte[] sha256;

    private Fingerprint(byte[] sha256) {
        this.sha256 = sha256;
    }

    /// The fingerprint of a request that was read into a record.
    public static Fingerprint of(Object request) {
        try {
            return new Fingerprint(
                    MessageDigest.getInstance("SHA-256")
                            .digest(JsonMapper.shared().writeValueAsBytes(request)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    static Fingerprint ofBytes(byte[] sha256) {
        return new Fingerprint(sha256);
    }

    byte[] bytes() {
        return sha256.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fingerprint that && Arrays.equals(sha256, that.sha256);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sha256);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(sha256, 0, 6);
    }
}
