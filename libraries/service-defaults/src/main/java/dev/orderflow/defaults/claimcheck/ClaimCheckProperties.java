package dev.orderflow.defaults.claimcheck;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where details that are too large for the bus are stored.
///
/// @param bucket the only bucket that is written to and trusted. It has no default, because bucket
///     names are global: a default name could belong to another account. Without it, no claim check
///     is created or redeemed.
/// @param pathStyle whether requests name the bucket in the path instead of the host name, as
///     emulators require
/// @param initialRetryDelay the longest delay of a message after its first receive while S3 is
///     unavailable; it grows sixfold with each receive. The polling of the queue does not pause,
///     since other messages need no S3. With five receives a message outlasts an outage of at least
///     two hours.
/// @param maxRetryDelay the longest of these delays, at most 12 hours
@ConfigurationProperties("orderflow.claim-checks")
public record ClaimCheckProperties(
        @DefaultValue("") String bucket,
        @DefaultValue("false") boolean pathStyle,
        @DefaultValue(INITIAL_RETRY_DELAY) Duration initialRetryDelay,
        @DefaultValue(MAX_RETRY_DELAY) Duration maxRetryDelay) {

    /// How long one call of S3 may take: longer than a large detail needs, and ten of them take
    /// less than the visibility time-out of a batch.
    public static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    /// The default of `initialRetryDelay`.
    public static final String INITIAL_RETRY_DELAY = "PT1M";

    /// The default of `maxRetryDelay`.
    public static final String MAX_RETRY_DELAY = "PT6H";
}
