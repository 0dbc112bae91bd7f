package dev.orderflow.order.personaldata;

import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// A data key in plaintext, ready for use.
///
/// @param key a 256-bit AES key
record DataKey(UUID id, SecretKey key) {

    static final int BYTES = 32;

    static DataKey of(UUID id, byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException(
                    "a data key must have %d bytes but had %d".formatted(BYTES, key.length));
        }
        return new DataKey(id, new SecretKeySpec(key, "AES"));
    }

    /// Omits the key.
    @Override
    public String toString() {
        return "DataKey[" + id + "]";
    }
}
