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
/// @param keys accepted from callers; the first is used for our own calls. Two are valid while they
///     are rotated. At least 16 visible characters each, so that guessing is hopeless.
@Validated
@ConfigurationProperties("orderflow.internal-api")
public record InternalApiProperties(
        @DefaultValue
                @NotEmpty(message = "the internal API needs a key")
                @Size(max = 2, message = "two keys at most are valid at a time")
                List<
                                @Pattern(
                                        regexp = "[\\x21-\\x7e]{16,256}",
                                        message = "a key has 16 to 256 visible ASCII characters")
                                String>
                        keys) {

    public InternalApiProperties {
        keys = List.copyOf(keys);
    }

    /// Leaves the keys out.
    @Override
    public String toString() {
        return "InternalApiProperties[" + keys.size() + " keys]";
    }
}
