package dev.orderflow.shipping;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// What the shipping service is told.
///
/// @param requestsQueue where the workflow asks for shipments
/// @param cancellationsQueue where cancellations are heard of
/// @param orderService where dispatch permits are given
/// @param paymentService where it is asked whether a payment's hold lasts
/// @param carrier who takes the parcels
/// @param workflow how the workflow is answered
/// @param gate when the carrier counts as away
/// @param comeBack when a request that could not be settled comes back
/// @param upkeep what is done without a message
@Validated
@ConfigurationProperties("orderflow.shipping")
public record ShippingProperties(
        @NotBlank String requestsQueue,
        @NotBlank String cancellationsQueue,
        @Valid @NotNull OrderService orderService,
        @Valid @NotNull PaymentService paymentService,
        @Valid @NotNull CarrierApi carrier,
        @Valid @NotNull Workflow workflow,
        @Valid @NotNull Gate gate,
        @Valid @NotNull ComeBack comeBack,
        @Valid @NotNull Upkeep upkeep) {

    /// How long all calls of one attempt take at most: a heartbeat, the hold, the permit, the
    /// carrier, the answer. Less than the queue's visibility time-out, so that a request is not
    /// handled twice at the same time.
    public Duration longestAttempt() {
        return workflow.callTimeout()
                .plus(paymentService.readTimeout())
                .plus(orderService.readTimeout())
                .plus(carrier.connectTimeout())
                .plus(carrier.readTimeout())
                .plus(workflow.callTimeout());
    }

    /// @param callTimeout how long one answer may take, with the SDK's own repeats; it is a short
    ///     request, and one that takes longer is better repeated later
    public record Workflow(@NotNull @DurationMin(millis = 1) Duration callTimeout) {}

    /// @param url where order-service listens
    /// @param readTimeout how long a permit may take; it is one row's update
    public record OrderService(
            @NotNull URI url, @NotNull @DurationMin(millis = 1) Duration readTimeout) {}

    /// @param url where payment-service listens
    /// @param readTimeout how long the question may take; payment-service asks the gateway
    public record PaymentService(
            @NotNull URI url, @NotNull @DurationMin(millis = 1) Duration readTimeout) {}

    /// @param url where the carrier's API is
    /// @param connectTimeout how long to wait for a connection
    /// @param readTimeout how long a booking may take
    public record CarrierApi(
            @NotNull URI url,
            @NotNull @DurationMin(millis = 1) Duration connectTimeout,
            @NotNull @DurationMin(millis = 1) Duration readTimeout) {}

    /// @param window how many of the last calls are looked at
    /// @param minimumCalls how many there must be before the carrier can count as away; fewer than
    ///     a message has receives
    /// @param failureRate how many percent of them must have failed
    /// @param probeAfter how long nobody is let through before one shipment is tried
    public record Gate(
            @Min(1) int window,
            @Min(1) int minimumCalls,
            @Min(1) @Max(100) int failureRate,
            @NotNull @DurationMin(millis = 1) Duration probeAfter) {}

    /// @param first how long a request stays away after its first receive, doubling from there
    /// @param longest where the doubling ends
    /// @param receives after so many receives the request is acknowledged and the database alone
    ///     carries on, so that no outage is long enough to dead-letter it; less than the queue's
    ///     limit of five
    public record ComeBack(
            @NotNull Duration first,
            @NotNull @DurationMax(hours = 12) Duration longest,
            @Min(1) @Max(4) int receives) {}

    /// @param tick how often there is a look at what is due
    /// @param heartbeatEvery how often a waiting workflow gets a sign of life; its patience is 15
    ///     minutes, and three lost signs should not use it up
    /// @param resumeAfter how long a shipment may lie still before it is taken up again, doubling
    ///     with each attempt; longer than one attempt can take
    /// @param resumeAtLatest where that doubling ends
    public record Upkeep(
            @NotNull @DurationMin(millis = 1) Duration tick,
            @NotNull @DurationMin(millis = 1) @DurationMax(minutes = 14) Duration heartbeatEvery,
            @NotNull @DurationMin(millis = 1) Duration resumeAfter,
            @NotNull @DurationMin(millis = 1) Duration resumeAtLatest) {}
}
