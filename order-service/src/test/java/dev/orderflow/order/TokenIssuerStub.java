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
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// A token issuer that the service under test accepts.
public final class TokenIssuerStub
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    public static final String AUDIENCE = "orderflow-test";

    private static final RSAKey KEY = newKey();
    private static final AtomicInteger ASKED = new AtomicInteger();
    private static final String URL = start();

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
        return ASKED.get();
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

    private static String start() {
        try {
            var server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var url = "http://localhost:" + server.getAddress().getPort();
            serve(
                    server,
                    "/.well-known/openid-configuration",
                    "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(url, url));
            serve(server, "/keys", new JWKSet(KEY.toPublicJWK()).toString());
            server.start();
            return url;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void serve(HttpServer server, String path, String json) {
        var body = json.getBytes(StandardCharsets.UTF_8);
        server.createContext(
                path,
                exchange -> {
                    if (path.equals("/keys")) {
                        ASKED.incrementAndGet();
                    }
                    try (exchange) {
                        exchange.getResponseHeaders().set("Content-Type", "application/json");
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                    }
                });
    }
}
