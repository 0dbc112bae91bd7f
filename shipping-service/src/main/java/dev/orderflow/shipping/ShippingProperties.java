package dev.orderflow.shipping;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// The configuration of the shipping service.
///
/// @param orderService the client that requests dispatch permits
/// @param paymentService the client that checks payment authorisations
/// @param carrier the client of the carrier
/// @param workflow the client of Step Functions
/// @param circuitBreaker when calls to the carrier stop
/// @param retry when a request that could not be completed is received again
/// @param scheduler the processing of shipments without a message
@Validated
@ConfigurationProperties("orderflow.shipping")
public record ShippingProperties(
        @Valid @NotNull DispatchPermitClientProperties orderService,
        @Valid @NotNull AuthorizationClientProperties paymentService,
        @Valid @NotNull CarrierClientProperties carrier,
        @Valid @NotNull WorkflowClientProperties workflow,
        @Valid @NotNull CircuitBreakerProperties circuitBreaker,
        @Valid @NotNull ShippingRetryProperties retry,
        @Valid @NotNull ShipmentSchedulerProperties scheduler) {

    /// The maximum duration of all calls of one attempt: heartbeat, authorisation check, dispatch
    /// permit, booking, callback. It is shorter than the visibility time-out of the queue, so that
    /// a request is not processed twice at the same time.
    public Duration maxAttemptDuration() {
        return workflow.callTimeout()
                .plus(paymentService.readTimeout())
                .plus(orderService.readTimeout())
                .plus(carrier.connectTimeout())
                .plus(carrier.readTimeout())
                .plus(workflow.callTimeout());
    }

    /// @param callTimeout the time-out of one call to Step Functions, including the SDK's retries;
    ///     a slow call is better repeated later
    public record WorkflowClientProperties(
            @NotNull @DurationMin(millis = 1) Duration callTimeout) {}

    /// @param url the internal API of order-service
    /// @param readTimeout the time-out of a permit request, which updates one row
    public record DispatchPermitClientProperties(
            @NotNull URI url, @NotNull @DurationMin(millis = 1) Duration readTimeout) {}

    /// @param url the internal API of payment-service
    /// @param readTimeout the time-out of an authorisation check, during which payment-service
    ///     calls the gateway
    public record AuthorizationClientProperties(
            @NotNull URI url, @NotNull @DurationMin(millis = 1) Duration readTimeout) {}

    /// @param url the carrier's API
    /// @param connectTimeout the time-out of establishing a connection
    /// @param readTimeout the time-out of a booking
    public record CarrierClientProperties(
            @NotNull URI url,
            @NotNull @DurationMin(millis = 1) Duration connectTimeout,
            @NotNull @DurationMin(millis = 1) Duration readTimeout) {}

    /// @param windowSize the number of most recent calls that are evaluated
    /// @param minimumCalls the number of calls required to open the circuit breaker; lower than the
    ///     maximum receive count of the queue
    /// @param failureRatePercent the percentage of failed calls that opens the circuit breaker
    /// @param openDuration how long the circuit breaker stays open before one call probes the
    ///     carrier
    public record CircuitBreakerProperties(
            @Min(1) int windowSize,
            @Min(1) int minimumCalls,
            @Min(1) @Max(100) int failureRatePercent,
            @NotNull @DurationMin(millis = 1) Duration openDuration) {}

    /// @param initialDelay the delay after the first receive of a request; it doubles with each
    ///     receive
    /// @param maxDelay the upper limit of the delay
    /// @param maxReceives the receive count at which the request is acknowledged and the scheduler
    ///     continues it, so that no outage dead-letters a request; lower than the queue's maximum
    ///     receive count of five
    public record ShippingRetryProperties(
            @NotNull Duration initialDelay,
            @NotNull @DurationMax(hours = 12) Duration maxDelay,
            @Min(1) @Max(4) int maxReceives) {}

    /// @param interval the interval between two runs of the scheduler
    /// @param heartbeatInterval the interval between two heartbeats to a waiting workflow; the
    ///     task's heartbeat time-out is 15 minutes, and three lost heartbeats should not exceed it
    /// @param initialResumeDelay how long after the last attempt a stalled shipment is resumed; it
    ///     doubles with each attempt and is longer than one attempt can take
    /// @param maxResumeDelay the upper limit of that delay
    public record ShipmentSchedulerProperties(
            @NotNull @DurationMin(millis = 1) Duration interval,
            @NotNull @DurationMin(millis = 1) @DurationMax(minutes = 14) Duration heartbeatInterval,
            @NotNull @DurationMin(millis = 1) Duration initialResumeDelay,
            @NotNull @DurationMin(millis = 1) Duration maxResumeDelay) {}
}
