package dev.orderflow.payment.stripe;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The connection to Stripe.
///
/// @param url the base URL of Stripe's API, or of the sandbox gateway in a local run
/// @param apiKey the secret key; no money moves with a key that starts with `sk_test_`
/// @param connectTimeout 1 ms to 5 s; short, since a host that does not accept a connection
///     quickly is unavailable
/// @param timeout for a whole call, 1 ms to 6 s. Stripe responds to most calls within two
///     seconds. A request makes up to three calls and the workflow waits 20 seconds for it, so a
///     longer time-out would leave the workflow without a response.
@Validated
@ConfigurationProperties("orderflow.payment.gateway")
public record StripeProperties(
        @DefaultValue("https://api.stripe.com") URI url,
        @NotBlank String apiKey,
        @DefaultValue("1s") @DurationMin(millis = 1) @DurationMax(seconds = 5)
                Duration connectTimeout,
        @DefaultValue("5s") @DurationMin(millis = 1) @DurationMax(seconds = 6) Duration timeout) {

    public StripeProperties {
        if (!"https".equals(url.getScheme()) && !"http".equals(url.getScheme())) {
            throw new IllegalArgumentException(
                    "orderflow.payment.gateway.url must be an http or https URL");
        }
    }

    /// Omits the API key.
    @Override
    public String toString() {
        return "StripeProperties[url=%s, connectTimeout=%s, timeout=%s]"
                .formatted(url, connectTimeout, timeout);
    }
}
