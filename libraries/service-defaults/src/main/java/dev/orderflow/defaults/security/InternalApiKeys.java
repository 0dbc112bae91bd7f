package dev.orderflow.defaults.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The accepted keys of the internal API.
final class InternalApiKeys {

    private final List<byte[]> keys;

    InternalApiKeys(InternalApiProperties properties) {
        this.keys =
                properties.keys().stream()
                        .map(key -> key.getBytes(StandardCharsets.UTF_8))
                        .toList();
    }

    /// Compares with every key in constant time, against timing attacks.
    boolean accept(@Nullable String sent) {
        var candidate = (sent == null ? "" : sent).getBytes(StandardCharsets.UTF_8);
        boolean accepted = false;
        for (var key : keys) {
            accepted |= MessageDigest.isEqual(key, candidate);
        }
        return accepted;
    }
}
