package dev.orderflow.order.security;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.validation.annotation.Validated;

/// Whose tokens open the public API. Without an issuer and an audience the service does not start.
///
/// @param issuer the `iss` of every token, letter by letter
/// @param audiences whom tokens may be for; one of them is in the audience claim
/// @param audienceClaim `aud`; or `client_id` for Amazon Cognito, whose access tokens have no `aud`
///     unless the client asked for one by resource binding, and client credentials cannot
/// @param jwkSetUri where the issuer's keys are; without it the issuer's OpenID configuration says
///     so. Both are asked for when the first token comes, so that no start waits for the issuer
/// @param customerClaim who the customer is: 1 to 64 letters, digits, `_` and `-`
/// @param scopePrefix what stands before our scopes, like `orderflow/` for a resource server of
///     Cognito; a scope without it is not ours
/// @param algorithms by which tokens may be signed; none of them has a shared secret
/// @param clockSkew how far the issuer's clock may be from ours
@Validated
@ConfigurationProperties("orderflow.order.tokens")
record TokenProperties(
        @DefaultValue("") @NotBlank(message = "the public API needs to know whose tokens open it")
                String issuer,
        @DefaultValue @NotEmpty(message = "the public API needs to know whom tokens are for")
                List<@NotBlank String> audiences,
        @DefaultValue("aud") @NotBlank String audienceClaim,
        @Nullable URI jwkSetUri,
        @DefaultValue("sub") @NotBlank String customerClaim,
        @DefaultValue("") String scopePrefix,
        @DefaultValue("RS256") @NotEmpty List<SignatureAlgorithm> algorithms,
        @DefaultValue("30s") Duration clockSkew) {

    TokenProperties {
        audiences = List.copyOf(audiences);
        algorithms = List.copyOf(algorithms);
        if (clockSkew.isNegative() || clockSkew.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException(
                    "clock-skew must be 0 to 5 minutes but was " + clockSkew);
        }
    }
}
