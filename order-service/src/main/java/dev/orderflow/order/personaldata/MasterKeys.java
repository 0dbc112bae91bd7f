package dev.orderflow.order.personaldata;

import java.util.List;
import java.util.UUID;

/// The master keys of this installation: the first wraps, all of them unwrap. Two are there while
/// one replaces the other.
final class MasterKeys {

    private final List<MasterKey> keys;

    MasterKeys(List<MasterKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there must be a master key");
        }
        this.keys = List.copyOf(keys);
    }

    MasterKey.Fresh generate(UUID id) {
        return keys.getFirst().generate(id);
    }

    MasterKey.Wrapped wrap(DataKey key) {
        return keys.getFirst().wrap(key);
    }

    DataKey unwrap(UUID id, MasterKey.Wrapped wrapped) {
        return keys.stream()
                .filter(key -> key.canUnwrap(wrapped.by()))
                .findFirst()
                .orElseThrow(
                        () ->
                                new KeysUnavailableException(
                                        "data key %s was wrapped by %s, which is not configured"
                                                .formatted(id, wrapped.by())))
                .unwrap(id, wrapped);
    }
}
