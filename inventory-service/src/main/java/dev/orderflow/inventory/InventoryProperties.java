package dev.orderflow.inventory;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// What the inventory service is told.
///
/// @param settlementsQueue where shipped orders are heard of
/// @param holdFor how long stock is held before somebody asks whether the order still needs it;
///     longer than a workflow with an approval and a shipping outage takes, so that the
///     question is an exception
/// @param orderService who knows whether an order is over
/// @param expiry how overdue reservations are looked after
@Validated
@ConfigurationProperties("orderflow.inventory")
public record InventoryProperties(
        @NotBlank String settlementsQueue,
        @NotNull @DurationMin(millis = 1) Duration reservationDuration,
        @Valid @NotNull OrderServiceConnection orderService,
        @Valid @NotNull ExpiryProperties expiry) {

    /// @param url where order-service listens
    /// @param readTimeout how long an answer may take; the question is asked again, so not long
    public record OrderServiceConnection(
            @NotNull URI url, @NotNull @DurationMin(millis = 1) Duration readTimeout) {}

    /// @param every how often there is a look at what is overdue
    /// @param askAgainAfter how long an overdue reservation rests when its order is still open,
    ///     or when nobody could say
    /// @param batch how many are asked about in one look, so that one look ends soon
    public record ExpiryProperties(
            @NotNull @DurationMin(millis = 1) Duration interval,
            @NotNull @DurationMin(millis = 1) Duration recheckAfter,
            @Min(1) @Max(1_000) int batchSize) {}
}
