package dev.orderflow.defaults.security;

import java.util.List;

/// The paths that need neither the internal API key nor the access token of an operator. A service
/// with a public API defines a bean of this type and protects these paths itself.
///
/// @param patterns path patterns such as `/orders/**`
public record PublicPaths(List<String> patterns) {

    public PublicPaths {
        patterns = List.copyOf(patterns);
    }

    /// Those of a service without a public API.
    static PublicPaths none() {
        return new PublicPaths(List.of());
    }
}
