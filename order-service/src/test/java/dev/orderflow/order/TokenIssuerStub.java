package dev.orderflow.order;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.orderflow.defaults.fixture.HttpStub;
import dev.orderflow.defaults.fixture.HttpStub.RecordedRequest;
import dev.orderflow.defaults.fixture.HttpStub.StubResponse;
import java.time.Instant;
import java.util.Date;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// A token issuer that the service under test accepts.
public final class TokenIssuerStub
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    public static final String AUDIENCE = "orderflow-test";

    private static final RSAKey KEY = newKey();
    private static final HttpStub SERVER = new HttpStub(TokenIssuerStub::respond);
    private static final String URL = SERVER.url();

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        TestPropertyValues.of(
                        "orderflow.order.tokens.issuer=" + URL,
                        "orderflow.order.tokens.audiences[0]=" + AUDIENCE)
                .applyTo(context);
    }

    public static String url() {
        return URL;
    }

    public static RSAKey key() {
        return KEY;
    }

    /// The number of requests to the JWKS endpoint.
    public static int jwksRequestCount() {
        return SERVER.requests(request -> request.path().equals("/keys")).size();
    }

    /// A valid token.
    ///
    /// @param scopes separated by blanks
    public static String token(String customer, String scopes) {
        return sign(claims(customer, scopes).build());
    }

    /// The claims of a valid token.
    public static JWTClaimsSet.Builder claims(String customer, String scopes) {
        var now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(URL)
                .audience(AUDIENCE)
                .subject(customer)
                .claim("scope", scopes)
                .issueTime(Date.from(now.minusSeconds(60)))
                .expirationTime(Date.from(now.plusSeconds(3600)));
    }

    public static String sign(JWTClaimsSet claims) {
        return sign(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(JOSEObjectType.JWT)
                        .keyID(KEY.getKeyID())
                        .build(),
                claims,
                KEY);
    }

    public static String sign(JWSHeader header, JWTClaimsSet claims, RSAKey key) {
        try {
            var token = new SignedJWT(header, claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static StubResponse respond(RecordedRequest request) {
        return switch (request.path()) {
            case "/.well-known/openid-configuration" ->
                    new StubResponse(
                            200,
                            "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(URL, URL));
            case "/keys" -> new StubResponse(200, new JWKSet(KEY.toPublicJWK()).toString());
            default -> new StubResponse(404, "{}");
        };
    }
}
