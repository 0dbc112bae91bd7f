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
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Signs access tokens as Cognito does, with the issuer, client and scopes of the stacks, and
/// publishes the key that verifies them.
final class TokenIssuer implements AutoCloseable {

    /// The beginning of the variables about tokens of operators.
    private static final String OPERATOR_TOKENS = "ORDERFLOW_OPERATORS_TOKENS_";

    private static final Duration LIFETIME = Duration.ofMinutes(15);

    private static final String TOKEN_PATH = "/oauth2/token";

    private final RSAKey key;
    private final String keys;

    /// The responses to authorization codes that were not exchanged yet.
    private final Map<String, String> tokensByCode = new ConcurrentHashMap<>();

    private final HttpStub server;

    TokenIssuer() {
        try {
            key = new RSAKeyGenerator(2_048).keyID("key-1").generate();
        } catch (JOSEException failed) {
            throw new IllegalStateException("the token issuer did not start", failed);
        }
        keys = new JWKSet(key.toPublicJWK()).toString();
        server = new HttpStub(this::respond);
    }

    private HttpStub.StubResponse respond(HttpStub.RecordedRequest request) {
        if (!request.path().equals(TOKEN_PATH)) {
            return new HttpStub.StubResponse(200, keys);
        }
        var tokens = tokensByCode.remove(request.form().getOrDefault("code", ""));
        return tokens == null
                ? new HttpStub.StubResponse(400, "{\"error\":\"invalid_grant\"}")
                : new HttpStub.StubResponse(200, tokens);
    }

    URI keys() {
        return URI.create(server.url() + "/jwks");
    }

    /// The address where an authorization code is exchanged for tokens.
    URI tokenEndpoint() {
        return URI.create(server.url() + TOKEN_PATH);
    }

    /// Signs an operator in, as the page of the issuer does.
    ///
    /// @param console environment of the service that asks for it
    /// @param nonce of its request
    /// @return the authorization code
    String signInCode(Map<String, String> console, String nonce, String subject, String role) {
        var idToken =
                claims(console, OPERATOR_TOKENS, subject, "id")
                        .audience(console.get("ORDERFLOW_OPERATIONS_SIGNIN_CLIENTID"))
                        .claim("nonce", nonce)
                        .build();
        var code = UUID.randomUUID().toString();
        tokensByCode.put(
                code,
                """
                {"token_type":"Bearer","expires_in":%d,"access_token":"%s","id_token":"%s"}"""
                        .formatted(
                                LIFETIME.toSeconds(),
                                operatorToken(console, subject, role),
                                sign(idToken)));
        return code;
    }

    /// @param orderService environment of the service the token is for
    /// @param scopes without the prefix
    String token(Map<String, String> orderService, String subject, String... scopes) {
        var prefix = orderService.getOrDefault("ORDERFLOW_ORDER_TOKENS_SCOPEPREFIX", "");
        return sign(
                accessClaims(orderService, "ORDERFLOW_ORDER_TOKENS_", subject)
                        .claim("scope", prefix + String.join(" " + prefix, scopes))
                        .build());
    }

    /// @param service environment of the service the token is for
    String operatorToken(Map<String, String> service, String subject, String role) {
        return sign(
                accessClaims(service, OPERATOR_TOKENS, subject)
                        .claim("username", subject)
                        .claim(
                                service.getOrDefault(OPERATOR_TOKENS + "ROLESCLAIM", "roles"),
                                List.of(role))
                        .build());
    }

    private static JWTClaimsSet.Builder accessClaims(
            Map<String, String> service, String settings, String subject) {
        return claims(service, settings, subject, "access")
                .claim(
                        service.getOrDefault(settings + "AUDIENCECLAIM", "aud"),
                        service.get(settings + "AUDIENCES_0"));
    }

    /// @param use `access` or `id`
    private static JWTClaimsSet.Builder claims(
            Map<String, String> service, String settings, String subject, String use) {
        var now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(service.get(settings + "ISSUER"))
                .subject(subject)
                .claim("token_use", use)
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
