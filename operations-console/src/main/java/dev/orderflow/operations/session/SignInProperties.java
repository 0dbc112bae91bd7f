package dev.orderflow.operations.session;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The client of the operators' issuer with which the console signs people in. The issuer is that
/// of `orderflow.operators.tokens`.
///
/// @param clientId whose access tokens `orderflow.operators.tokens.audiences` must accept
/// @param clientSecret absent for a public client; PKCE is used in any case
/// @param authorizationUri where the browser is sent to
/// @param tokenUri where the console exchanges codes and renews tokens
/// @param jwkSetUri the keys of ID tokens
/// @param signOutUri the page of the issuer that ends the session there, as a link on the page that
///     is shown after signing out; absent when there is none
/// @param scopes requested scopes, with `openid`
/// @param sessionLifetime after which a person must sign in again, 5 minutes to 24 hours
/// @param idleTimeLimit after how long without a request a session ends
@Validated
@ConfigurationProperties("orderflow.operations.sign-in")
record SignInProperties(
        @NotBlank String clientId,
        @Nullable String clientSecret,
        @NotNull URI authorizationUri,
        @NotNull URI tokenUri,
        @NotNull URI jwkSetUri,
        @Nullable URI signOutUri,
        @NotEmpty List<@NotBlank String> scopes,
        @DefaultValue("8h") @DurationMin(minutes = 5) @DurationMax(hours = 24)
                Duration sessionLifetime,
        @DefaultValue("1h") @DurationMin(minutes = 5) @DurationMax(hours = 24)
                Duration idleTimeLimit) {

    SignInProperties {
        scopes = List.copyOf(scopes);
    }

    /// Omits the secret.
    @Override
    public String toString() {
        return "SignInProperties[" + clientId + "]";
    }
}
