package dev.orderflow.notification;

import dev.orderflow.defaults.delivery.OutageBackOff;
import dev.orderflow.defaults.retry.RetryBackOff;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How notification-service is set up.
///
/// @param queue where it hears what to tell
/// @param topicArn where subscribers listen; an ARN, because by a name one would have to be made
/// @param from the sender of customers' mail, an identity that SES has verified
/// @param orderServiceUrl where contacts are asked for
/// @param claimLifetime when a claim counts as left behind by a crash; longer than an e-mail can
///     take to be handed over
/// @param claimWatch how often there is a look for such claims when nothing else happens
/// @param comeBack when something that could not be told is tried again
/// @param timeouts how long an answer is waited for
@Validated
@ConfigurationProperties("orderflow.notification")
public record NotificationProperties(
        @NotBlank String queue,
        @NotNull @Pattern(regexp = "arn:\\S+:sns:\\S+") String topicArn,
        @NotNull @Pattern(regexp = "[^\\p{Cntrl}]+@[^\\p{Cntrl}]+") String from,
        @NotNull URI orderServiceUrl,
        @DefaultValue("2m") @DurationMin(millis = 1) Duration claimLifetime,
        @DefaultValue("30s") @DurationMin(millis = 1) Duration claimCheckInterval,
        @DefaultValue @Valid TopicRetryProperties topicRetry,
        @DefaultValue @Valid NotificationTimeouts timeouts) {

    /// How long an answer is waited for. Together less than the queue's visibility time-out.
    ///
    /// @param contact of order-service
    /// @param email of SES, whose call is never repeated by itself
    /// @param topic of SNS, with the SDK's own repeats
    public record NotificationTimeouts(
            @DefaultValue("5s") @DurationMin(millis = 1) Duration contact,
            @DefaultValue("10s") @DurationMin(millis = 1) Duration email,
            @DefaultValue("10s") @DurationMin(millis = 1) Duration topic) {

        /// How long all calls for one message take at most.
        public Duration total() {
            return contact.plus(email).plus(topic);
        }
    }

    /// When what SNS did not take is published again. What a mail needs is waited for instead.
    ///
    /// @param first how long it stays away at most after its first receive, see [OutageBackOff]
    /// @param longest where the growth of that ends
    public record TopicRetryProperties(
            @DefaultValue("1m") Duration initialDelay,
            @DefaultValue("6h") @DurationMax(hours = 12) Duration maxDelay) {

        /// The delays.
        public RetryBackOff backOff() {
            return OutageBackOff.of(initialDelay, maxDelay);
        }
    }
}
