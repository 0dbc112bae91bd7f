package dev.orderflow.analytics;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.time.Instant;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// The configuration of the analytics service.
///
/// @param earliest when the first order was placed; an older fact is an error of its publisher
/// @param clockSkew how far a publisher's clock may be ahead; a fact from later than that would
///     stay the latest one for as long and hide the lag of the summary
@Validated
@ConfigurationProperties("orderflow.analytics")
public record AnalyticsProperties(
        @NotNull Instant earliest, @NotNull @DurationMin(millis = 0) Duration clockSkew) {}
