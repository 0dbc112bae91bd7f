package dev.orderflow.analytics;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.time.Instant;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// What the analytics service is told.
///
/// @param queue where facts come in
/// @param earliest before this no order was ever placed; an older fact is a mistake of its
///     publisher
/// @param clockSkew how far ahead a publisher's clock may be; a fact from beyond it would be
///     the newest one for as long, and hide how far behind the figures are
@Validated
@ConfigurationProperties("orderflow.analytics")
public record AnalyticsProperties(
        @NotBlank String queue,
        @NotNull Instant earliest,
        @NotNull @DurationMin(millis = 0) Duration clockSkew) {}
