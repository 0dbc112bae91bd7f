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
/// @param firstWait how long a message stays away at most when S3 cannot be asked, doubling from
///     there
/// @param longestWait where the doubling ends; with five receives a message outlasts several
///     minutes without S3
@ConfigurationProperties("orderflow.claim-checks")
public record ClaimCheckProperties(
        @DefaultValue("") String bucket,
        @DefaultValue("false") boolean pathStyle,
        @DefaultValue("1m") Duration firstWait,
        @DefaultValue("15m") Duration longestWait) {}
