package dev.orderflow.order.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.order.TokenIssuerStub;
import dev.orderflow.order.domain.Caller;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;

class AccessTokenDecoderTest {

    @EnableConfigurationProperties(TokenProperties.class)
    static class TokenPropertiesConfiguration {}

    private final ApplicationContextRunner service =
            new ApplicationContextRunner()
                    .withUserConfiguration(TokenPropertiesConfiguration.class);

    @ParameterizedTest
    @CsvSource({
        "orderflow.order.tokens.audiences=api, the issuer of the access tokens",
        "orderflow.order.tokens.issuer=https://issuer.example, the audiences of the access tokens"
    })
    void theServiceDoesNotStartWithoutIssuerAndAudience(String setting, String why) {
        service.withPropertyValues(setting)
                .run(
                        context -> {
                            assertThat(context).hasFailed();
                            assertThat(context.getStartupFailure())
                                    .rootCause()
                                    .hasMessageContaining(why);
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "orderflow.order.tokens.algorithms=HS256",
        "orderflow.order.tokens.algorithms=none",
        "orderflow.order.tokens.clock-skew=6m"
    })
    void insecureTokenSettingsAreRefused(String setting) {
        service.withPropertyValues(
                        "orderflow.order.tokens.issuer=https://issuer.example",
                        "orderflow.order.tokens.audiences=api",
                        setting)
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void anAccessTokenOfCognitoIsAccepted() {
        var tokens = new AccessTokenDecoder(cognito(null));
        var token =
                tokens.decode(
                        cognitoToken(
                                TokenIssuerStub.claims(
                                                "4f1c",
                                                "aws.cognito.signin.user.admin orders:write"
                                                        + " orderflow/orders:read")
                                        .audience((String) null)
                                        .claim("client_id", "client-1")
                                        .claim("token_use", "access")
                                        .build()));
        var caller = tokens.convert(token);
        assertThat(caller.getPrincipal()).isEqualTo(new Caller(new CustomerRef("4f1c"), false));
        assertThat(caller.getAuthorities())
                .extracting(GrantedAuthority::getAuthority)
                .containsExactly("orders:read");
    }

    @Test
    void anIdTokenOfCognitoOrATokenOfAnotherClientIsRefused() {
        var tokens = new AccessTokenDecoder(cognito(null));
        var idToken =
                TokenIssuerStub.claims("4f1c", "orderflow/orders:read")
                        .audience("client-1")
                        .claim("token_use", "id")
                        .build();
        var others =
                TokenIssuerStub.claims("4f1c", "orderflow/orders:read")
                        .claim("client_id", "client-2")
                        .claim("token_use", "access")
                        .build();
        for (var claims : List.of(idToken, others)) {
            assertThatThrownBy(() -> tokens.decode(cognitoToken(claims)))
                    .isInstanceOf(BadJwtException.class);
        }
    }

    @Test
    void aVerifiedTokenIsVerifiedAgainAfterAMinute() {
        var time = new AtomicLong();
        var tokens = new AccessTokenDecoder(stub(), Clock.systemUTC(), time::get);
        var token = TokenIssuerStub.token("ada", "orders:read");
        var first = tokens.decode(token);
        time.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(tokens.decode(token)).isSameAs(first);
        time.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(tokens.decode(token)).isNotSameAs(first);
    }

    @Test
    void aVerifiedTokenIsRefusedOnceItHasExpired() {
        var offset = new AtomicReference<>(Duration.ZERO);
        InstantSource time = () -> Instant.now().plus(offset.get());
        var tokens = new AccessTokenDecoder(stub(), time.withZone(ZoneOffset.UTC), () -> 0);
        var token = TokenIssuerStub.token("ada", "orders:read");
        tokens.decode(token);
        offset.set(Duration.ofDays(1));
        assertThatThrownBy(() -> tokens.decode(token)).isInstanceOf(BadJwtException.class);
    }

    @Test
    void aTokenThatDiffersFromAVerifiedOneInItsSignatureIsRefused() {
        var tokens = new AccessTokenDecoder(stub());
        var token = TokenIssuerStub.token("ada", "orders:read");
        tokens.decode(token);
        int signature = token.lastIndexOf('.') + 1;
        var other =
                token.substring(0, signature)
                        + (token.charAt(signature) == 'A' ? 'B' : 'A')
                        + token.substring(signature + 1);
        assertThatThrownBy(() -> tokens.decode(other)).isInstanceOf(BadJwtException.class);
    }

    /// An outage of the issuer is not an error of the caller.
    @Test
    void noTokenIsReportedAsInvalidWhileTheIssuerIsUnavailable() {
        var unreachable = new AccessTokenDecoder(cognito(URI.create("http://127.0.0.1:1/keys")));
        assertThatThrownBy(() -> unreachable.decode(TokenIssuerStub.token("ada", "orders:read")))
                .isInstanceOf(JwtException.class)
                .isNotInstanceOf(BadJwtException.class);
    }

    private static TokenProperties stub() {
        return new TokenProperties(
                TokenIssuerStub.url(),
                List.of(TokenIssuerStub.AUDIENCE),
                "aud",
                null,
                "sub",
                "",
                List.of(SignatureAlgorithm.RS256),
                Duration.ofSeconds(30));
    }

    private static TokenProperties cognito(@Nullable URI keys) {
        return new TokenProperties(
                TokenIssuerStub.url(),
                List.of("client-1"),
                "client_id",
                keys,
                "sub",
                "orderflow/",
                List.of(SignatureAlgorithm.RS256),
                Duration.ofSeconds(30));
    }

    /// Without the `typ` header, as Cognito sends it.
    private static String cognitoToken(JWTClaimsSet claims) {
        return TokenIssuerStub.sign(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(TokenIssuerStub.key().getKeyID())
                        .build(),
                claims,
                TokenIssuerStub.key());
    }
}
