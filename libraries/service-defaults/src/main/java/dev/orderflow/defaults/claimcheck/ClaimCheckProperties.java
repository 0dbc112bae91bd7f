package dev.orderflow.defaults.claimcheck;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where large details lie.
///
/// @param bucket the one bucket that is written to and trusted. No default, since names of buckets
///     are the world's: a name that is not ours may be somebody else's. Without it nothing leaves
///     by claim check, and none is redeemed.
/// @param pathStyle whether the bucket is named in the path instead of the host, as emulators want
/// @param firstWait how long a message stays away at most when S3 cannot be asked, growing sixfold
///     from there. It does not pause its queue, since others need no S3; with five receives it
///     outlasts two hours without S3 at least.
/// @param longestWait where that growth ends, at most 12 hours
@ConfigurationProperties("orderflow.claim-checks")
public record ClaimCheckProperties(
        @DefaultValue("") String bucket,
        @DefaultValue("false") boolean pathStyle,
        @DefaultValue(INITIAL_RETRY_DELAY) Duration initialRetryDelay,
        @DefaultValue(MAX_RETRY_DELAY) Duration maxRetryDelay) {

    /// How long S3 may take for one call: longer than a large detail takes, and ten of them take
    /// less than a batch stays hidden.
    public static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    public static final String INITIAL_RETRY_DELAY = "PT1M";
    public static final String MAX_RETRY_DELAY = "PT6H";
}
