package dev.orderflow.operations.session;

import dev.orderflow.defaults.operators.OperatorTokenProperties;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.authentication.OAuth2LoginAuthenticationToken;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeAuthenticationProvider;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/// Calls the operators' issuer: the authorization code flow of [OpenID
/// Connect](https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth) with PKCE, and the
/// renewal of tokens. Spring Security implements the protocol.
@Component
class IssuerClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

    /// How long a call takes when the issuer does not respond.
    static final Duration CALL_TIMEOUT = CONNECT_TIMEOUT.plus(READ_TIMEOUT);

    private static final int RANDOM_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ClientRegistration registration;
    private final String redirectUri;
    private final String authorizationUri;
    private final OidcAuthorizationCodeAuthenticationProvider codes;
    private final RestClientRefreshTokenTokenResponseClient renewals =
            new RestClientRefreshTokenTokenResponseClient();

    IssuerClient(
            SignInProperties properties, PagesProperties pages, OperatorTokenProperties tokens) {
        this.redirectUri = pages.redirectUri().toString();
        this.authorizationUri = properties.authorizationUri().toString();
        this.registration = registration(properties, pages, tokens.issuer());
        var requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(CONNECT_TIMEOUT);
        requests.setReadTimeout(READ_TIMEOUT);
        var http = tokenEndpoint(requests);
        renewals.setRestClient(http);
        var exchange = new RestClientAuthorizationCodeTokenResponseClient();
        exchange.setRestClient(http);
        this.codes =
                new OidcAuthorizationCodeAuthenticationProvider(
                        exchange,
                        // Roles and name are in the access token, so no further call is needed.
                        user -> new DefaultOidcUser(List.of(), user.getIdToken()));
        var idTokens =
                NimbusJwtDecoder.withJwkSetUri(properties.jwkSetUri().toString())
                        .restOperations(new RestTemplate(requests))
                        .build();
        idTokens.setJwtValidator(idTokenValidator(registration));
        codes.setJwtDecoderFactory(_ -> idTokens);
    }

    private static ClientRegistration registration(
            SignInProperties properties, PagesProperties pages, String issuer) {
        boolean confidential = properties.clientSecret() != null;
        return ClientRegistration.withRegistrationId("operators")
                .clientId(properties.clientId())
                .clientSecret(properties.clientSecret())
                .clientAuthenticationMethod(
                        confidential
                                ? ClientAuthenticationMethod.CLIENT_SECRET_BASIC
                                : ClientAuthenticationMethod.NONE)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUri(pages.redirectUri().toString())
                .scope(properties.scopes())
                .issuerUri(issuer)
                .authorizationUri(properties.authorizationUri().toString())
                .tokenUri(properties.tokenUri().toString())
                .jwkSetUri(properties.jwkSetUri().toString())
                .build();
    }

    /// Spring Security reports each wrong claim, but throws when the issuer is not a URL.
    private static OAuth2TokenValidator<Jwt> idTokenValidator(ClientRegistration registration) {
        var validator = new OidcIdTokenValidator(registration);
        return token -> {
            try {
                return validator.validate(token);
            } catch (IllegalArgumentException malformed) {
                return OAuth2TokenValidatorResult.failure(
                        new OAuth2Error("invalid_id_token", malformed.getMessage(), null));
            }
        };
    }

    private static RestClient tokenEndpoint(SimpleClientHttpRequestFactory requests) {
        return RestClient.builder()
                .requestFactory(requests)
                .configureMessageConverters(
                        converters ->
                                converters
                                        .addCustomConverter(new FormHttpMessageConverter())
                                        .addCustomConverter(
                                                new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build();
    }

    /// A new sign-in.
    ///
    /// @param returnTo the page to show afterwards
    PendingSignIn begin(String returnTo) {
        return new PendingSignIn(random(), random(), random(), returnTo);
    }

    /// Where the browser signs in.
    String authorizationUri(PendingSignIn pending) {
        return toRequest(pending).getAuthorizationRequestUri();
    }

    /// The result of [#exchange].
    sealed interface ExchangeResult {

        record TokensIssued(SessionTokens tokens) implements ExchangeResult {}

        /// The issuer did not issue tokens, or not those of this sign-in.
        ///
        /// @param code the error code of the issuer, for the log
        record SignInRefused(String code) implements ExchangeResult {}

        /// The issuer did not respond.
        record IssuerUnavailable() implements ExchangeResult {}
    }

    /// Exchanges the authorization code of the issuer's redirection for tokens.
    ///
    /// @param code the authorization code
    ExchangeResult exchange(PendingSignIn pending, String code) {
        var response =
                OAuth2AuthorizationResponse.success(code)
                        .state(pending.state())
                        .redirectUri(redirectUri)
                        .build();
        try {
            // Not null, because the registration has the scope openid.
            var signedIn =
                    (OAuth2LoginAuthenticationToken)
                            Objects.requireNonNull(
                                    codes.authenticate(
                                            new OAuth2LoginAuthenticationToken(
                                                    registration,
                                                    new OAuth2AuthorizationExchange(
                                                            toRequest(pending), response))));
            return new ExchangeResult.TokensIssued(
                    toTokens(
                            Objects.requireNonNull(signedIn.getAccessToken()),
                            signedIn.getRefreshToken(),
                            null));
        } catch (OAuth2AuthenticationException refusal) {
            return isUnavailable(refusal.getError().getErrorCode())
                    ? new ExchangeResult.IssuerUnavailable()
                    : new ExchangeResult.SignInRefused(refusal.getError().getErrorCode());
        }
    }

    /// Renews the tokens of a session.
    ExchangeResult renew(SessionTokens before) {
        if (before.refreshToken() == null) {
            return new ExchangeResult.SignInRefused("no_refresh_token");
        }
        try {
            var response =
                    renewals.getTokenResponse(
                            new OAuth2RefreshTokenGrantRequest(
                                    registration,
                                    new OAuth2AccessToken(
                                            OAuth2AccessToken.TokenType.BEARER,
                                            before.accessToken(),
                                            null,
                                            before.expiresAt()),
                                    new OAuth2RefreshToken(before.refreshToken(), null),
                                    Set.of()));
            return new ExchangeResult.TokensIssued(
                    toTokens(
                            response.getAccessToken(),
                            response.getRefreshToken(),
                            before.refreshToken()));
        } catch (OAuth2AuthorizationException refusal) {
            return isUnavailable(refusal.getError().getErrorCode())
                    ? new ExchangeResult.IssuerUnavailable()
                    : new ExchangeResult.SignInRefused(refusal.getError().getErrorCode());
        }
    }

    /// Spring Security reports a response that is none of OAuth 2 with a code of its own.
    private static boolean isUnavailable(String code) {
        return code.equals("invalid_token_response")
                || code.equals(OAuth2ErrorCodes.SERVER_ERROR)
                || code.equals(OAuth2ErrorCodes.TEMPORARILY_UNAVAILABLE);
    }

    /// Issuers that do not change the refresh token leave it out of the response.
    private static SessionTokens toTokens(
            OAuth2AccessToken access,
            @Nullable OAuth2RefreshToken refresh,
            @Nullable String refreshBefore) {
        return new SessionTokens(
                access.getTokenValue(),
                Optional.ofNullable(refresh)
                        .map(OAuth2RefreshToken::getTokenValue)
                        .orElse(refreshBefore),
                Objects.requireNonNullElseGet(access.getExpiresAt(), Instant::now));
    }

    private OAuth2AuthorizationRequest toRequest(PendingSignIn pending) {
        return OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(authorizationUri)
                .clientId(registration.getClientId())
                .redirectUri(redirectUri)
                .scopes(registration.getScopes())
                .state(pending.state())
                .attributes(
                        attributes ->
                                attributes.putAll(
                                        Map.of(
                                                OidcParameterNames.NONCE,
                                                pending.nonce(),
                                                PkceParameterNames.CODE_VERIFIER,
                                                pending.codeVerifier())))
                .additionalParameters(
                        parameters ->
                                parameters.putAll(
                                        Map.of(
                                                OidcParameterNames.NONCE,
                                                sha256(pending.nonce()),
                                                PkceParameterNames.CODE_CHALLENGE,
                                                sha256(pending.codeVerifier()),
                                                PkceParameterNames.CODE_CHALLENGE_METHOD,
                                                "S256")))
                .build();
    }

    private static String sha256(String text) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String random() {
        var bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
