package dev.orderflow.localrun.operations;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Where a running system is and what opens it.
///
/// @param operationsUrl where the operations console listens
/// @param ordersUrl where the internal API of order-service is
/// @param issuerUrl where tokens for the public API are to be had
/// @param apiKey opens the internal API
/// @param services where the internal API of each service is, by its name
public record RunFile(
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

    /// What is written there, when it is this user's and can be read.
    static Optional<RunFile> read(Path file) {
        try {
            if (!Files.isRegularFile(file)
                    || !Files.getOwner(file).getName().equals(System.getProperty("user.name"))) {
                return Optional.empty();
            }
            return Optional.of(
                    JsonMapper.shared().readValue(Files.readString(file), RunFile.class));
        } catch (IOException | JacksonException unreadable) {
            return Optional.empty();
        }
    }

    /// Leaves the key out.
    @Override
    public String toString() {
        return "RunFile[" + operationsUrl + "]";
    }
}
