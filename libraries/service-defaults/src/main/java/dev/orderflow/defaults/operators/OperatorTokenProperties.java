package dev.orderflow.defaults.operators;

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

/// Which access tokens of operators the internal API accepts. Without an issuer and an audience the
/// service does not start.
///
/// @param issuer the exact `iss` claim of every token
/// @param audiences the accepted audiences; the audience claim must contain one of them. They
///     differ from those of customers
/// @param audienceClaim `aud`, or `client_id` for Amazon Cognito
/// @param jwkSetUri the issuer's JWKS endpoint; if absent, it is read from the issuer's OpenID
///     configuration. Both are fetched when the first token arrives
/// @param internalJwkSet whether `jwkSetUri` is `/internal/operator-keys` of order-service, which
///     requires the internal API key: for services without a route to the issuer
/// @param rolesClaim the claim with the names of roles, `cognito:groups` for Amazon Cognito; other
///     values in it are ignored
/// @param nameClaim the claim with the name that people read, `username` for Amazon Cognito; if it
///     is absent, the subject is the name
/// @param algorithms the accepted signature algorithms; all are asymmetric
/// @param clockSkew the tolerated difference between the issuer's clock and ours, 0 to 5 minutes
@Validated
@ConfigurationProperties("orderflow.operators.tokens")
public record OperatorTokenProperties(
        @DefaultValue("")
                @NotBlank(message = "must be set: the issuer of the access tokens of operators")
                String issuer,
        @DefaultValue
                @NotEmpty(message = "must be set: the audiences of the access tokens of operators")
                List<@NotBlank String> audiences,
        @DefaultValue("aud") @NotBlank String audienceClaim,
        @Nullable URI jwkSetUri,
        @DefaultValue("false") boolean internalJwkSet,
        @DefaultValue("roles") @NotBlank String rolesClaim,
        @DefaultValue("name") @NotBlank String nameClaim,
        @DefaultValue("RS256") @NotEmpty List<SignatureAlgorithm> algorithms,
        @DefaultValue("30s") @DurationMin(millis = 0) @DurationMax(minutes = 5)
                Duration clockSkew) {

    public OperatorTokenProperties {
        audiences = List.copyOf(audiences);
        algorithms = List.copyOf(algorithms);
    }

    /// @param internalApiKey the header for an internal JWKS endpoint
    AccessTokenRules rules(Map<String, String> internalApiKey) {
        return new AccessTokenRules(
                issuer,
                audiences,
                audienceClaim,
                jwkSetUri,
                internalJwkSet ? internalApiKey : Map.of(),
                algorithms,
                clockSkew);
    }
}
