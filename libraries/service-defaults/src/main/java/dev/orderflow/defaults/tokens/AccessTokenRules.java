package dev.orderflow.defaults.tokens;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;

/// Which access tokens are accepted.
///
/// @param issuer the exact `iss` claim of every token
/// @param audiences the accepted audiences; the audience claim must contain one of them
/// @param audienceClaim `aud`; or `client_id` for Amazon Cognito, whose access tokens have no `aud`
///     unless the client asked for one by resource binding
/// @param jwkSetUri the issuer's JWKS endpoint; if absent, it is read from the issuer's OpenID
///     configuration
/// @param jwkSetHeaders headers of the requests to `jwkSetUri`; none of other requests
/// @param algorithms the accepted signature algorithms; all are asymmetric
/// @param clockSkew the tolerated difference between the issuer's clock and ours
public record AccessTokenRules(
        String issuer,
        List<String> audiences,
        String audienceClaim,
        @Nullable URI jwkSetUri,
        Map<String, String> jwkSetHeaders,
        List<SignatureAlgorithm> algorithms,
        Duration clockSkew) {

    public AccessTokenRules {
        jwkSetHeaders = Map.copyOf(jwkSetHeaders);
        audiences = List.copyOf(audiences);
        algorithms = List.copyOf(algorithms);
    }

    /// Omits the headers, which may be secret.
    @Override
    public String toString() {
        return "AccessTokenRules[" + issuer + "]";
    }
}
