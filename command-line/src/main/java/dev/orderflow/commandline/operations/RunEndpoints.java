package dev.orderflow.commandline.operations;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The endpoints of a running system and its API key.
///
/// @param operationsUrl URL of operations-console
/// @param ordersUrl URL of the internal API of order-service
/// @param issuerUrl URL of the development issuer of access tokens
/// @param apiKey the key of the internal API
/// @param services URL of the internal API of each service, by service name
public record RunEndpoints(
        URI operationsUrl,
        URI ordersUrl,
        URI issuerUrl,
        String apiKey,
        @Nullable Map<String, URI> services) {

    /// The URL of a service's internal API.
    ///
    /// @param name such as `payment-service`
    Optional<URI> service(String name) {
        return Optional.ofNullable(services).map(all -> all.get(name));
    }

    /// Omits the key.
    @Override
    public String toString() {
        return "RunEndpoints[" + operationsUrl + "]";
    }
}
