package dev.orderflow.order.personaldata;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

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
@Validated
@ConfigurationProperties("orderflow.order.personal-data")
record PersonalDataProperties(
        @Nullable String kmsKeyId,
        @DefaultValue List<String> localKeys,
        @DefaultValue("6h") @DurationMin(minutes = 1) @DurationMax(days = 7) Duration keyLifetime,
        @DefaultValue("1000000") @Min(2) @Max(PersonalDataProperties.MAX_KEY_USES) long maxKeyUses,
        @DefaultValue("1000") @Min(1) int cachedKeys,
        @DefaultValue("1s") @DurationMin(millis = 10) @DurationMax(minutes = 1)
                Duration keyCheckInterval,
        @DefaultValue("1m") @DurationMin(millis = 10) @DurationMax(days = 1)
                Duration erasureInterval,
        @DefaultValue("1h") @DurationMin(millis = 0) Duration gracePeriod) {

    private static final long MAX_KEY_USES = 1L << 28;

    PersonalDataProperties {
        localKeys = List.copyOf(localKeys);
        if ((kmsKeyId == null || kmsKeyId.isBlank()) && localKeys.isEmpty()) {
            throw new IllegalArgumentException(
                    "orderflow.order.personal-data.kms-key-id or local-keys must be set");
        }
    }

    /// Omits the local keys.
    @Override
    public String toString() {
        return "PersonalDataProperties[kmsKeyId=" + kmsKeyId + "]";
    }
}
