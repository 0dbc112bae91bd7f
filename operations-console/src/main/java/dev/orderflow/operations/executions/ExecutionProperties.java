package dev.orderflow.operations.executions;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How failed executions are redriven.
///
/// @param most how many one redrive takes; each costs three calls before its own
/// @param canaryPatience how long a canary may take to leave the state it failed in; a step's own
///     retries take minutes
@ConfigurationProperties("orderflow.operations.executions")
record ExecutionProperties(
        @DefaultValue("500") int most, @DefaultValue("2m") Duration canaryPatience) {}
