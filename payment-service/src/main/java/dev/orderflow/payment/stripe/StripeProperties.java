package dev.orderflow.payment.stripe;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The connection to Stripe.
///
/// @param apiBase the base URL of Stripe's API, or of the sandbox gateway in a local run
/// @param apiKey the secret key; no money moves with a key that starts with `sk_test_`
/// @param connectTimeout 1 ms to 5 s; short, since a host that does not accept a connection
///     quickly is unavailable
/// @param timeout for a whole call, 1 ms to 6 s. Stripe responds to most calls within two
///     seconds. A request makes up to three calls and the workflow waits 20 seconds for it, so a
///     longer time-out would leave the workflow without a response.
@ConfigurationProperties("orderflow.payment.gateway")
public record StripeProperties(
        @DefaultValue("https://api.stripe.com") URI apiBase,
        String apiKey,
        @DefaultValue("1s") Duration connectTimeout,
        @DefaultValue("5s") Duration timeout) {

    public StripeProperties {
        if (!"https".equals(apiBase.getScheme()) && !"http".equals(apiBase.getScheme())) {
            throw new IllegalArgumentException(
                    "orderflow.payment.gateway.api-base must be an http or https URL");
        }
        if (apiKey == null || apiKey.isBlank()) {
            throw new IllegalArgumentException("orderflow.payment.gateway.api-key must be set");
        }
        requireBetween("connect-timeout", connectTimeout, Duration.ofSeconds(5));
        requireBetween("timeout", timeout, Duration.ofSeconds(6));
    }

    private static void requireBetween(String name, Duration value, Duration max) {
        if (value.toMillis() < 1 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "orderflow.payment.gateway.%s must be 1 ms to %d s but was %s"
                            .formatted(name, max.toSeconds(), value));
        }
    }

    /// Omits the API key.
    @Override
    public String toString() {
        return "StripeProperties[apiBase=%s, connectTimeout=%s, timeout=%s]"
                .formatted(apiBase, connectTimeout, timeout);
    }
}
