package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.RelaySettings;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Properties of the outbox.
///
/// ```yaml
/// outbox:
///   targets:
///     events:
///       bus: orders
///       source: com.example.orders
/// ```
///
/// @param enabled false on an instance that stores events and leaves publishing to others
/// @param targets where events are published, by name. The name is stored with each event, so keep
///     it when the address changes. A bean of type `OutboxTarget` is a target too, under its name,
///     and replaces one that is configured under the same name.
/// @param defaultTarget the target of event types that have no route; needed only if there are
///     several targets
/// @param routes the targets of event types, by type
/// @param claimCheckBucket where payloads larger than a target's `max-payload-size` are stored;
///     without it they are published as they are
/// @param callTimeout when a call counts as failed
/// @param relay how the relays work ([RelaySettings])
/// @param migration whether the tables are created at the start
@ConfigurationProperties("outbox")
public record OutboxProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Map<String, TargetProperties> targets,
        @Nullable String defaultTarget,
        @DefaultValue Map<String, String> routes,
        @Nullable String claimCheckBucket,
        @DefaultValue("5s") Duration callTimeout,
        @DefaultValue RelayProperties relay,
        @DefaultValue MigrationProperties migration) {

    public OutboxProperties {
        if (callTimeout.compareTo(Duration.ofMillis(100)) < 0
                || callTimeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "call-timeout must be 100 ms to 1 min but was " + callTimeout);
        }
    }

    /// A target on AWS: exactly one of `bus`, `topic-arn` and `queue-url`.
    ///
    /// @param bus the name or ARN of an event bus of EventBridge
    /// @param source under which events are published to EventBridge; required with `bus`
    /// @param topicArn of a topic of SNS; a FIFO topic gets the key as message group
    /// @param queueUrl of a queue of SQS; a FIFO queue gets the key as message group
    /// @param maxPayloadSize a larger payload is published by claim check. EventBridge accepts
    ///     1 MB, but a subscriber behind SNS, a workflow or the bus of another account accepts
    ///     no more than 256 KB, envelope included; 200 KB of text pass everywhere. A smaller
    ///     payload is published by claim check, too, if headers or Base64 make the event too large
    ///     for the target itself.
    public record TargetProperties(
            @Nullable String bus,
            @Nullable String source,
            @Nullable String topicArn,
            @Nullable String queueUrl,
            @DefaultValue("200KB") DataSize maxPayloadSize) {

        public TargetProperties {
            if (maxPayloadSize.toBytes() < 1 || maxPayloadSize.toBytes() > 1_000_000) {
                throw new IllegalArgumentException(
                        "max-payload-size must be 1 to 1000000 bytes but was " + maxPayloadSize);
            }
        }
    }

    /// How the relays work; the meaning of each is in [RelaySettings].
    public record RelayProperties(
            @DefaultValue("100ms") Duration pollInterval,
            @DefaultValue("8ms") Duration batchDelay,
            @DefaultValue("1000") int bufferSize,
            @DefaultValue("32") int maxConcurrentCalls,
            @DefaultValue("10s") Duration leaseDuration,
            @DefaultValue("5") int maxAttempts,
            @DefaultValue("200ms") Duration initialBackoff,
            @DefaultValue("1m") Duration maxBackoff,
            @DefaultValue("10s") Duration maxPause,
            @DefaultValue("10s") Duration targetCheckInterval,
            @DefaultValue("5s") Duration fullScanInterval,
            @DefaultValue("10s") Duration shutdownTimeout) {

        RelaySettings toSettings() {
            return new RelaySettings(
                    pollInterval,
                    batchDelay,
                    bufferSize,
                    maxConcurrentCalls,
                    leaseDuration,
                    maxAttempts,
                    initialBackoff,
                    maxBackoff,
                    maxPause,
                    targetCheckInterval,
                    fullScanInterval,
                    shutdownTimeout);
        }
    }

    /// How the tables are created.
    ///
    /// @param enabled false if another tool runs `db/outbox/V1__create_outbox.sql`
    public record MigrationProperties(@DefaultValue("true") boolean enabled) {}
}
