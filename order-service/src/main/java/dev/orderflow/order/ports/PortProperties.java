package dev.orderflow.order.ports;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// The ports of the public and of the internal API.
///
/// @param internalPort the port that serves `/internal` and nothing else; 0 for any free one
/// @param publicPaths patterns such as `/orders/**` of the paths that `server.port` serves; it
///     serves nothing else. Only these need no internal API key
@Validated
@ConfigurationProperties("orderflow.order.ports")
public record PortProperties(
        @Min(0) @Max(65_535) int internalPort, @NotEmpty List<String> publicPaths) {

    public PortProperties {
        publicPaths = List.copyOf(publicPaths);
    }
}
