package dev.orderflow.operations.bulkactions;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param maxItems how many messages or executions one person may redrive, discard or dismiss; more
///     need the confirmation of a second person, and so does every request with `force`
/// @param edits whether an edited message is sent only after a second person has confirmed it
@Validated
@ConfigurationProperties("orderflow.operations.second-person")
record SecondPersonProperties(
        @DefaultValue("100") @Min(0) int maxItems, @DefaultValue("true") boolean edits) {}
