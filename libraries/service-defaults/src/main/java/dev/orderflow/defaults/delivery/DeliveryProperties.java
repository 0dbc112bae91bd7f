package dev.orderflow.defaults.delivery;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// When a message that was not handled is tried again.
///
/// @param firstBackOff the longest delay after the first failure, doubling from there. Each delay
///     is anything from 0 to that, so half of it on average: a message that always fails is
///     dead-lettered by the fifth receive after half a minute on average and a minute at most,
///     beside the time its handler takes. Outages do not count: they are waited for.
/// @param longestBackOff where the doubling ends
/// @param outage how an outage of what a handler needs is waited for
@ConfigurationProperties("orderflow.delivery")
record DeliveryProperties(
        @DefaultValue(INITIAL_BACK_OFF) Duration initialBackOff,
        @DefaultValue(MAX_BACK_OFF) Duration maxBackOff,
        @DefaultValue OutageProperties outage) {

    static final String INITIAL_BACK_OFF = "PT4S";
    static final String MAX_BACK_OFF = "PT15M";

    /// @param probeEvery how often one more message is received while a queue is paused, and the
    ///     first pause before a waiting message is tried again
    /// @param longestProbe where the pauses of a waiting message end, which double
    /// @param longestHold how long a message waits here before it goes back to its queue, which is
    ///     when it may lose a receive: an outage has to last several times as long before it
    ///     sends a message to the dead letters. SQS hides a message for 12 hours at most.
    /// @param firstReturn the longest delay of a message that goes back because of an outage,
    ///     growing sixfold from there, see [LongBackOff]
    /// @param longestReturn where that growth ends, at most 12 hours
    record OutageProperties(
            @DefaultValue("5s") Duration probeInterval,
            @DefaultValue("30s") Duration maxProbeInterval,
            @DefaultValue("1h") Duration maxWait,
            @DefaultValue(INITIAL_RETURN_DELAY) Duration initialReturnDelay,
            @DefaultValue(MAX_RETURN_DELAY) Duration maxReturnDelay) {

        /// With the queue's visibility time-out and the last pause still within SQS's 12 hours.
        private static final Duration LONGEST_MAX_WAIT = Duration.ofHours(11);

        OutageProperties {
            if (maxWait.isNegative() || maxWait.compareTo(LONGEST_MAX_WAIT) > 0) {
                throw new IllegalArgumentException(
                        "max-wait must be 0 to 11 hours but was " + maxWait);
            }
        }

        static final String INITIAL_RETURN_DELAY = "PT1M";
        static final String MAX_RETURN_DELAY = "PT6H";
    }
}
