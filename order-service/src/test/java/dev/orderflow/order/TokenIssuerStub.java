package dev.orderflow.order;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.orderflow.defaults.fixture.IssuerStub;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// A token issuer that the service under test accepts.
public final class TokenIssuerStub
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    public static final String AUDIENCE = "orderflow-test";

    private static final IssuerStub ISSUER = new IssuerStub();
    private static final String URL = ISSUER.url();

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
        return ISSUER.key();
    }

    /// The number of requests to the JWKS endpoint.
    public static int jwksRequestCount() {
        return ISSUER.jwksRequestCount();
    }

    /// A valid token.
    ///
    /// @param scopes separated by blanks
    public static String token(String customer, String scopes) {
        return sign(claims(customer, scopes).build());
    }

    /// The claims of a valid token.
    public static JWTClaimsSet.Builder claims(String customer, String scopes) {
        return ISSUER.claims(customer, AUDIENCE).claim("scope", scopes);
    }

    public static String sign(JWTClaimsSet claims) {
        return ISSUER.sign(claims);
    }

    public static String sign(JWSHeader header, JWTClaimsSet claims, RSAKey key) {
        return IssuerStub.sign(header, claims, key);
    }

    public static RSAKey newKey() {
        return IssuerStub.newKey();
    }
}
