package dev.orderflow.order.personaldata;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How personal data is encrypted and when it is erased. `kms-key-id` or `local-keys` must be set;
/// with both, KMS wraps new data keys and the local keys still unwrap what they wrapped before.
///
/// @param kmsKeyId the ARN of the KMS key that wraps data keys
/// @param localKeys master keys for installations without KMS, base64 of 32 bytes each; the first
///     wraps, all unwrap
/// @param keyLifetime how long a data key encrypts, 1 minute to 7 days. It is renewed at half of
///     it, so the other half is how long orders are still accepted while KMS is unavailable
/// @param maxKeyUses how often a data key encrypts at most; it is renewed at half of it. The limit
///     is far below 2³² because the nonces are random
/// @param cachedKeys how many unwrapped data keys are cached for decryption
/// @param keyCheckInterval how often the current data key is checked for renewal, 10 ms to 1 minute
/// @param erasureInterval how often final orders are looked for whose erasure was requested, 10 ms
///     to 1 day
/// @param gracePeriod how long after its last timeline entry such an order keeps its personal data,
///     so that its customer can still be notified of the outcome
@ConfigurationProperties("orderflow.order.personal-data")
record PersonalDataProperties(
        @Nullable String kmsKeyId,
        @DefaultValue List<String> localKeys,
        @DefaultValue("6h") Duration keyLifetime,
        @DefaultValue("1000000") long maxKeyUses,
        @DefaultValue("1000") int cachedKeys,
        @DefaultValue("1s") Duration keyCheckInterval,
        @DefaultValue("1m") Duration erasureInterval,
        @DefaultValue("1h") Duration gracePeriod) {

    private static final long KEY_USES_LIMIT = 1L << 28;

    PersonalDataProperties {
        localKeys = List.copyOf(localKeys);
        if ((kmsKeyId == null || kmsKeyId.isBlank()) && localKeys.isEmpty()) {
            throw new IllegalArgumentException("kms-key-id or local-keys must be set");
        }
        if (keyLifetime.compareTo(Duration.ofMinutes(1)) < 0
                || keyLifetime.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException(
                    "key-lifetime must be 1 minute to 7 days but was " + keyLifetime);
        }
        if (maxKeyUses < 2 || maxKeyUses > KEY_USES_LIMIT) {
            throw new IllegalArgumentException(
                    "max-key-uses must be 2 to %d but was %d"
                            .formatted(KEY_USES_LIMIT, maxKeyUses));
        }
        if (cachedKeys < 1) {
            throw new IllegalArgumentException(
                    "cached-keys must be at least 1 but was " + cachedKeys);
        }
        if (keyCheckInterval.compareTo(Duration.ofMillis(10)) < 0
                || keyCheckInterval.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "key-check-interval must be 10 ms to 1 minute but was " + keyCheckInterval);
        }
        if (erasureInterval.compareTo(Duration.ofMillis(10)) < 0
                || erasureInterval.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    "erasure-interval must be 10 ms to 1 day but was " + erasureInterval);
        }
        if (gracePeriod.isNegative()) {
            throw new IllegalArgumentException(
                    "grace-period must not be negative but was " + gracePeriod);
        }
    }

    /// Omits the local keys.
    @Override
    public String toString() {
        return "PersonalDataProperties[kmsKeyId=" + kmsKeyId + "]";
    }
}
