package dev.orderflow.notification;

import dev.orderflow.defaults.delivery.OutageBackOff;
import dev.orderflow.defaults.retry.RetryBackOff;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The configuration of the notification service.
///
/// @param topicArn the SNS topic of the subscribers, by ARN: resolving a name would need the
///     permission to create topics
/// @param from the sender of e-mails, an ASCII address of an identity that SES has verified, alone
///     or as `Name <address>`; a name with punctuation is in double quotes. SES would reject any
///     other as it rejects an invalid recipient
/// @param orderService the client that requests contacts
/// @param claimLifetime how long a claim lasts before it counts as interrupted by a crash; longer
///     than sending an e-mail can take
/// @param claimCheckInterval the interval at which expired claims are completed
/// @param topicRetry when a failed message to the topic is retried
/// @param timeouts the time-outs of the calls
@Validated
@ConfigurationProperties("orderflow.notification")
public record NotificationProperties(
        @NotNull @Pattern(regexp = "arn:\\S+:sns:\\S+") String topicArn,
        @NotNull @Pattern(regexp = SENDER) String from,
        @Valid @NotNull ContactClientProperties orderService,
        @DefaultValue("2m") @DurationMin(millis = 1) Duration claimLifetime,
        @DefaultValue("30s") @DurationMin(millis = 1) Duration claimCheckInterval,
        @DefaultValue @Valid TopicRetryProperties topicRetry,
        @DefaultValue @Valid NotificationTimeouts timeouts) {

    private static final String ADDRESS =
            "[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+";

    private static final String SENDER =
            ADDRESS + "|([A-Za-z0-9 &'_-]*|\"[^\"\\\\\\p{Cntrl}]*\") *<" + ADDRESS + ">";

    /// @param url the internal API of order-service
    public record ContactClientProperties(@NotNull URI url) {}

    /// The time-outs of the calls. Their sum is less than the queue's visibility time-out.
    ///
    /// @param contact a request to order-service
    /// @param email a call to SES, which the SDK does not retry
    /// @param topic a call to SNS, including the SDK's retries
    public record NotificationTimeouts(
            @DefaultValue("5s") @DurationMin(millis = 1) Duration contact,
            @DefaultValue("10s") @DurationMin(millis = 1) Duration email,
            @DefaultValue("10s") @DurationMin(millis = 1) Duration topic) {

        /// The maximum duration of all calls for one message.
        public Duration total() {
            return contact.plus(email).plus(topic);
        }
    }

    /// When a failed message to the topic is retried. For a dependency of an e-mail, polling is
    /// paused instead.
    ///
    /// @param initialDelay the upper limit of the delay after the first receive, see
    ///     [OutageBackOff]
    /// @param maxDelay the upper limit to which that grows
    public record TopicRetryProperties(
            @DefaultValue("1m") Duration initialDelay,
            @DefaultValue("6h") @DurationMax(hours = 12) Duration maxDelay) {

        public RetryBackOff backOff() {
            return OutageBackOff.of(initialDelay, maxDelay);
        }
    }
}
