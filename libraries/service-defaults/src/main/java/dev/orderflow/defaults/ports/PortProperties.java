package dev.orderflow.defaults.ports;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The doors of a service. One without a public API sets nothing and has all at `server.port`.
///
/// @param internalPort where `/internal` is to be had, and nothing else
/// @param publicPaths what is to be had at `server.port`, and nothing else: patterns like
///     `/orders/**`. Nothing but these is to be had without the internal API key
@Validated
@ConfigurationProperties("orderflow.ports")
public record PortProperties(
        @Nullable @Min(0) @Max(65_535) Integer internalPort,
        @DefaultValue List<String> publicPaths) {

    public PortProperties {
        publicPaths = List.copyOf(publicPaths);
    }

    /// One of them alone would leave a door ajar.
    @AssertTrue(message = "internal-port and public-paths belong together: set both or none")
    boolean isComplete() {
        return (internalPort == null) == publicPaths.isEmpty();
    }
}
