package dev.orderflow.order.security;

import dev.orderflow.defaults.tokens.AccessTokenRules;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.validation.annotation.Validated;

/// Which access tokens the public API accepts. Without an issuer and an audience the service does
/// not start.
///
/// @param issuer the exact `iss` claim of every token
/// @param audiences the accepted audiences; the audience claim must contain one of them
/// @param audienceClaim `aud`; or `client_id` for Amazon Cognito, whose access tokens have no `aud`
///     unless the client asked for one by resource binding, and client credentials cannot
/// @param jwkSetUri the issuer's JWKS endpoint; if absent, it is read from the issuer's OpenID
///     configuration. Both are fetched when the first token arrives, so that a start does not wait
///     for them
/// @param customerClaim the claim with the customer reference: 1 to 64 letters, digits, `_` and `-`
/// @param scopePrefix the prefix of our scopes, such as `orderflow/` for a resource server of
///     Cognito; scopes without it are ignored
/// @param algorithms the accepted signature algorithms; all are asymmetric
/// @param clockSkew the tolerated difference between the issuer's clock and ours, 0 to 5 minutes
@Validated
@ConfigurationProperties("orderflow.order.tokens")
record TokenProperties(
        @DefaultValue("")
                @NotBlank(
                        message =
                                "must be set: the issuer of the access tokens that the public API accepts")
                String issuer,
        @DefaultValue
                @NotEmpty(
                        message =
                                "must be set: the audiences of the access tokens that the public API accepts")
                List<@NotBlank String> audiences,
        @DefaultValue("aud") @NotBlank String audienceClaim,
        @Nullable URI jwkSetUri,
        @DefaultValue("sub") @NotBlank String customerClaim,
        @DefaultValue("") String scopePrefix,
        @DefaultValue("RS256") @NotEmpty List<SignatureAlgorithm> algorithms,
        @DefaultValue("30s") @DurationMin(millis = 0) @DurationMax(minutes = 5)
                Duration clockSkew) {

    TokenProperties {
        audiences = List.copyOf(audiences);
        algorithms = List.copyOf(algorithms);
    }

    AccessTokenRules rules() {
        return new AccessTokenRules(
                issuer, audiences, audienceClaim, jwkSetUri, Map.of(), algorithms, clockSkew);
    }
}
