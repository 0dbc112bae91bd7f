package dev.orderflow.defaults.delivery;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How fast a failed message comes back.
///
/// @param firstBackOff the longest delay after the first failure, doubling from there
/// @param longestBackOff where the doubling ends; with five receives a message lives about a minute
///     before it is dead-lettered, enough for a restart of what it needs
@ConfigurationProperties("orderflow.delivery")
record DeliveryProperties(
        @DefaultValue("4s") Duration firstBackOff, @DefaultValue("15m") Duration longestBackOff) {}
