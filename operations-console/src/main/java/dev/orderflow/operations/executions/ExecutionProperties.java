package dev.orderflow.operations.executions;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How failed executions are redriven.
///
/// @param maxExecutions the maximum number of executions per redrive; each costs three calls before
///     its own
/// @param canaryTimeout how long a redrive waits until its canary has left the failed state; the
///     retries of a state take minutes
@ConfigurationProperties("orderflow.operations.executions")
record ExecutionProperties(
        @DefaultValue("500") int maxExecutions, @DefaultValue("2m") Duration canaryTimeout) {}
