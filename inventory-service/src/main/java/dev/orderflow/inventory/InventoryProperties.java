package dev.orderflow.inventory;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// The settings of inventory-service.
///
/// @param reservationDuration how long stock is reserved before order-service is asked whether the
///     order still needs it; longer than a workflow with an approval and a shipping outage takes,
///     so that the check is an exception
/// @param orderService the connection to order-service
/// @param expiry how overdue reservations are checked
@Validated
@ConfigurationProperties("orderflow.inventory")
public record InventoryProperties(
        @NotNull @DurationMin(millis = 1) Duration reservationDuration,
        @Valid @NotNull OrderServiceConnection orderService,
        @Valid @NotNull ExpiryProperties expiry) {

    /// The connection to order-service.
    ///
    /// @param url the base URL of order-service
    /// @param readTimeout how long a response may take; short, since the check is repeated
    public record OrderServiceConnection(
            @NotNull URI url, @NotNull @DurationMin(millis = 1) Duration readTimeout) {}

    /// How overdue reservations are checked.
    ///
    /// @param interval the time between two checks
    /// @param recheckAfter the time until a reservation is checked again whose order is still
    ///     open or could not be read
    /// @param batchSize how many reservations one check claims, 1 to 1000
    public record ExpiryProperties(
            @NotNull @DurationMin(millis = 1) Duration interval,
            @NotNull @DurationMin(millis = 1) Duration recheckAfter,
            @Min(1) @Max(1_000) int batchSize) {}
}
