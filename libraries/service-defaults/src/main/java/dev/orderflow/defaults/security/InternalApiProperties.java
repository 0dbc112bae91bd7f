package dev.orderflow.defaults.security;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The keys of the internal API.
///
/// @param keys the accepted keys; calls of other services use the first one. Two keys are valid
///     during a rotation. Each has 16 to 256 visible ASCII characters.
@Validated
@ConfigurationProperties("orderflow.internal-api")
public record InternalApiProperties(
        @DefaultValue
                @NotEmpty(message = "must contain at least one key")
                @Size(max = 2, message = "must contain at most two keys")
                List<
                                @Pattern(
                                        regexp = "[\\x21-\\x7e]{16,256}",
                                        message = "must have 16 to 256 visible ASCII characters")
                                String>
                        keys) {

    public InternalApiProperties {
        keys = List.copyOf(keys);
    }

    /// Leaves out the keys, which are secret.
    @Override
    public String toString() {
        return "InternalApiProperties[" + keys.size() + " keys]";
    }
}
