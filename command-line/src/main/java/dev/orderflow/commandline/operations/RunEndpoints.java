package dev.orderflow.commandline.operations;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a running system is and what opens it.
///
/// @param operationsUrl where the operations console listens
/// @param ordersUrl where the internal API of order-service is
/// @param issuerUrl where tokens for the public API are to be had
/// @param apiKey opens the internal API
/// @param services where the internal API of each service is, by its name
public record RunEndpoints(
        URI operationsUrl,
        URI ordersUrl,
        URI issuerUrl,
        String apiKey,
        @Nullable Map<String, URI> services) {

    /// Where the internal API of a service is.
    ///
    /// @param name as its folder is called, say `payment-service`
    Optional<URI> service(String name) {
        return Optional.ofNullable(services).map(all -> all.get(name));
    }

    /// Leaves the key out.
    @Override
    public String toString() {
        return "RunFile[" + operationsUrl + "]";
    }
}
