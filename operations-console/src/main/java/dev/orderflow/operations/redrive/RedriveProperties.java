package dev.orderflow.operations.redrive;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param takeOverInterval how often each instance looks for redrives whose instances died
/// @param resultInterval how often each instance looks for redriven items whose result is due
@Validated
@ConfigurationProperties("orderflow.operations.redrives")
record RedriveProperties(
        @DefaultValue("5s") @DurationMin(millis = 1) Duration takeOverInterval,
        @DefaultValue("1s") @DurationMin(millis = 1) Duration resultInterval) {}
