package dev.orderflow.order.personaldata;

import java.util.List;
import java.util.UUID;

/// The configured master keys: the first wraps, all of them unwrap. There are two while one
/// replaces the other.
final class MasterKeys {

    private final List<MasterKey> keys;

    MasterKeys(List<MasterKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("at least one master key must be configured");
        }
        this.keys = List.copyOf(keys);
    }

    MasterKey.GeneratedDataKey generate(UUID id) {
        return keys.getFirst().generate(id);
    }

    MasterKey.WrappedDataKey wrap(DataKey key) {
        return keys.getFirst().wrap(key);
    }

    DataKey unwrap(UUID id, MasterKey.WrappedDataKey wrapped) {
        return keys.stream()
                .filter(key -> key.canUnwrap(wrapped.masterKeyId()))
                .findFirst()
                .orElseThrow(
                        () ->
                                new KeysUnavailableException(
                                        "data key %s is wrapped by master key %s, which is not configured"
                                                .formatted(id, wrapped.masterKeyId())))
                .unwrap(id, wrapped);
    }
}
