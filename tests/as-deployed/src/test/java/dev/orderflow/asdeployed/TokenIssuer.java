package dev.orderflow.asdeployed;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.orderflow.contracts.fixture.HttpStub;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/// Signs access tokens as Cognito does, with the issuer, client and scopes of the stacks, and
/// publishes the key that verifies them.
final class TokenIssuer implements AutoCloseable {

    private static final Duration LIFETIME = Duration.ofMinutes(15);

    private final RSAKey key;
    private final HttpStub server;

    TokenIssuer() {
        try {
            key = new RSAKeyGenerator(2_048).keyID("key-1").generate();
        } catch (JOSEException failed) {
            throw new IllegalStateException("the token issuer did not start", failed);
        }
        var keys = new JWKSet(key.toPublicJWK()).toString();
        server = new HttpStub(_ -> new HttpStub.StubResponse(200, keys));
    }

    URI keys() {
        return URI.create(server.url() + "/jwks");
    }

    /// @param orderService environment of the service the token is for
    /// @param scopes without the prefix
    String token(Map<String, String> orderService, String subject, String... scopes) {
        var prefix = orderService.getOrDefault("ORDERFLOW_ORDER_TOKENS_SCOPEPREFIX", "");
        return sign(
                claims(orderService, "ORDERFLOW_ORDER_TOKENS_", subject)
                        .claim("scope", prefix + String.join(" " + prefix, scopes))
                        .build());
    }

    /// @param service environment of the service the token is for
    String operatorToken(Map<String, String> service, String subject, String role) {
        return sign(
                claims(service, "ORDERFLOW_OPERATORS_TOKENS_", subject)
                        .claim("username", subject)
                        .claim(
                                service.getOrDefault(
                                        "ORDERFLOW_OPERATORS_TOKENS_ROLESCLAIM", "roles"),
                                List.of(role))
                        .build());
    }

    private static JWTClaimsSet.Builder claims(
            Map<String, String> service, String settings, String subject) {
        var now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(service.get(settings + "ISSUER"))
                .subject(subject)
                .claim("token_use", "access")
                .claim(
                        service.getOrDefault(settings + "AUDIENCECLAIM", "aud"),
                        service.get(settings + "AUDIENCES_0"))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)));
    }

    private String sign(JWTClaimsSet claims) {
        var token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                        claims);
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException failed) {
            throw new IllegalStateException(failed);
        }
        return token.serialize();
    }

    @Override
    public void close() {
        server.close();
    }
}
