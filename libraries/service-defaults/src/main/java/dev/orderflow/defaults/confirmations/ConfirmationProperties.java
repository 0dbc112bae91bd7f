package dev.orderflow.defaults.confirmations;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param timeLimit how long a second person may confirm an action, at least one second
/// @param recoveryInterval how often each instance looks for confirmed actions whose execution was
///     interrupted
@Validated
@ConfigurationProperties("orderflow.confirmations")
public record ConfirmationProperties(
        @DefaultValue("4h") @DurationMin(seconds = 1) Duration timeLimit,
        @DefaultValue("15s") @DurationMin(millis = 1) Duration recoveryInterval) {}
