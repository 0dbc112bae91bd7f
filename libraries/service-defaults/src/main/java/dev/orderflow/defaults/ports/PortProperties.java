package dev.orderflow.defaults.ports;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The ports of a service. A service without a public API sets neither property and serves
/// everything at `server.port`.
///
/// @param internalPort the port that serves `/internal` and nothing else
/// @param publicPaths patterns such as `/orders/**` of the paths that `server.port` serves; it
///     serves nothing else. Only these need no internal API key
@Validated
@ConfigurationProperties("orderflow.ports")
public record PortProperties(
        @Nullable @Min(0) @Max(65_535) Integer internalPort,
        @DefaultValue List<String> publicPaths) {

    public PortProperties {
        publicPaths = List.copyOf(publicPaths);
    }

    /// One property without the other would expose paths at the wrong port.
    @AssertTrue(message = "internal-port and public-paths belong together: set both or none")
    boolean isComplete() {
        return (internalPort == null) == publicPaths.isEmpty();
    }
}
