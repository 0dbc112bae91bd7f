package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.retry.RetryBackOff;
import jakarta.validation.Valid;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// When a message that was not handled is retried.
///
/// @param initialBackOff the longest delay after the first failure; it doubles with each further
///     failure. Each delay is a random part of that (full jitter), half of it on average: with the
///     default of 4 s and five receives, a message that always fails is dead-lettered after 62 s on
///     average and 124 s at most, plus the time its handler takes, see [#longestDelays]. Outages do
///     not count, since messages wait for their end.
/// @param maxBackOff the longest delay of all
/// @param outage how messages wait for the end of an outage
@Validated
@ConfigurationProperties("orderflow.delivery")
public record DeliveryProperties(
        @DefaultValue(INITIAL_BACK_OFF) Duration initialBackOff,
        @DefaultValue(MAX_BACK_OFF) Duration maxBackOff,
        @DefaultValue @Valid OutageProperties outage) {

    static final String INITIAL_BACK_OFF = "PT4S";
    static final String MAX_BACK_OFF = "PT15M";

    /// The longest sum of the delays of a message that always fails. Also after the last receive it
    /// is delayed once more: SQS moves it to the dead-letter queue when it would be received again.
    ///
    /// @param maxReceiveCount of its queue
    public Duration longestDelays(int maxReceiveCount) {
        return RetryBackOff.doublingWithFullJitter(initialBackOff, maxBackOff)
                .longestWait(maxReceiveCount);
    }

    /// @param probeInterval how often one message is received while polling is paused, and the
    ///     first pause before a waiting message is retried
    /// @param maxProbeInterval the longest pause of a waiting message; the pauses double up to it
    /// @param maxWait how long a message waits in this instance before it returns to its queue,
    ///     where it may lose a receive. An outage must last several times as long before it moves a
    ///     message to the dead-letter queue. At most 11 hours, which leaves room for the
    ///     queue's visibility time-out and the last pause within the 12 hours of SQS.
    /// @param initialReturnDelay the longest delay of a message that returns to its queue during an
    ///     outage; it grows sixfold with each receive, see [OutageBackOff]
    /// @param maxReturnDelay the longest of these delays, at most 12 hours
    public record OutageProperties(
            @DefaultValue("5s") Duration probeInterval,
            @DefaultValue("30s") Duration maxProbeInterval,
            @DefaultValue("1h") @DurationMin(millis = 0) @DurationMax(hours = 11) Duration maxWait,
            @DefaultValue(INITIAL_RETURN_DELAY) Duration initialReturnDelay,
            @DefaultValue(MAX_RETURN_DELAY) Duration maxReturnDelay) {

        static final String INITIAL_RETURN_DELAY = "PT1M";
        static final String MAX_RETURN_DELAY = "PT6H";
    }
}
