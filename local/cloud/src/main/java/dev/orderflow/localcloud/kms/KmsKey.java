package dev.orderflow.localcloud.kms;

import java.time.Instant;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// A symmetric key and its metadata.
///
/// @param material key material, never returned
/// @param enabled whether it can be used; false while it is pending deletion
/// @param deletion deletion date, null unless it is pending deletion
/// @param rotation rotation settings, null if rotation is off
record KmsKey(
        String id,
        SecretKeySpec material,
        Instant createdAt,
        String description,
        String policy,
        Map<String, String> tags,
        boolean enabled,
        @Nullable Instant deletion,
        @Nullable KeyRotation rotation) {

    KmsKey {
        tags = Map.copyOf(tags);
    }

    KmsKey(
            String id,
            byte[] material,
            Instant createdAt,
            String description,
            String policy,
            Map<String, String> tags) {
        this(
                id,
                new SecretKeySpec(material, "AES"),
                createdAt,
                description,
                policy,
                tags,
                true,
                null,
                null);
    }

    /// The `KeyState` of its metadata.
    String state() {
        if (deletion != null) {
            return "PendingDeletion";
        }
        return enabled ? "Enabled" : "Disabled";
    }

    boolean isDeletedBy(Instant now) {
        return deletion != null && !deletion.isAfter(now);
    }

    KmsKey withDescription(String other) {
        return new KmsKey(
                id, material, createdAt, other, policy, tags, enabled, deletion, rotation);
    }

    KmsKey withPolicy(String other) {
        return new KmsKey(
                id, material, createdAt, description, other, tags, enabled, deletion, rotation);
    }

    KmsKey withTags(Map<String, String> others) {
        return new KmsKey(
                id, material, createdAt, description, policy, others, enabled, deletion, rotation);
    }

    KmsKey withEnabled(boolean other) {
        return new KmsKey(
                id, material, createdAt, description, policy, tags, other, deletion, rotation);
    }

    KmsKey withDeletion(@Nullable Instant other) {
        return new KmsKey(
                id, material, createdAt, description, policy, tags, enabled, other, rotation);
    }

    KmsKey withRotation(@Nullable KeyRotation other) {
        return new KmsKey(
                id, material, createdAt, description, policy, tags, enabled, deletion, other);
    }
}
