package dev.orderflow.defaults.security;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// The keys of the internal API.
///
/// @param keys accepted from callers; the first is used for our own calls. Two are valid while they
///     are
///     rotated. At least 16 characters each, so that guessing is hopeless.
@Validated
@ConfigurationProperties("orderflow.internal-api")
public record InternalApiProperties(@NotEmpty List<@Size(min = 16, max = 256) String> keys) {

    public InternalApiProperties {
        keys = List.copyOf(keys);
    }

    /// Leaves the keys out.
    @Override
    public String toString() {
        return "InternalApiProperties[" + keys.size() + " keys]";
    }
}
