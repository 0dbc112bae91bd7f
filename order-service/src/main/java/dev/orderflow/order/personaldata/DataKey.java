package dev.orderflow.order.personaldata;

import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// A key that seals, ready to be used.
///
/// @param key 256 bits for AES
record DataKey(UUID id, SecretKey key) {

    static final int BYTES = 32;

    static DataKey of(UUID id, byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException(
                    "a key must have %d bytes but had %d".formatted(BYTES, key.length));
        }
        return new DataKey(id, new SecretKeySpec(key, "AES"));
    }

    /// Leaves the key out.
    @Override
    public String toString() {
        return "DataKey[" + id + "]";
    }
}
