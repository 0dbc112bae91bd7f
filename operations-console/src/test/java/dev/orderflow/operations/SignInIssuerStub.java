package dev.orderflow.operations;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.RecordedRequest;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.defaults.fixture.TestOperators;
import dev.orderflow.defaults.operators.OperatorRole;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// The token endpoint of the operators' issuer: it exchanges each code once, with the right code
/// verifier, and renews tokens with each refresh token once.
public final class SignInIssuerStub
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final String CLIENT = "operations-console";
    private static final HttpStub SERVER = new HttpStub(SignInIssuerStub::respond);
    private static final Map<String, Grant> GRANTS = new ConcurrentHashMap<>();

    private static volatile boolean available = true;
    private static volatile @Nullable HeldRequests holding;

    /// What a person was granted at the issuer.
    ///
    /// @param lifetime of the access token
    /// @param idClaims claims of the ID token in place of the right ones
    private record Grant(
            String name,
            OperatorRole[] roles,
            String nonce,
            String challenge,
            String redirectUri,
            Duration lifetime,
            Map<String, Object> idClaims) {}

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        TestPropertyValues.of(
                        "orderflow.operations.pages.port=0",
                        "orderflow.operations.pages.url=http://console.example",
                        "orderflow.operations.sign-in.client-secret=secret",
                        "orderflow.operations.sign-in.authorization-uri="
                                + SERVER.url()
                                + "/oauth2/authorize",
                        "orderflow.operations.sign-in.token-uri=" + SERVER.url() + "/oauth2/token",
                        "orderflow.operations.sign-in.jwk-set-uri="
                                + TestOperators.issuer().url()
                                + "/keys")
                .applyTo(context);
    }

    /// Whether it answers; while it does not, each request gets 503.
    public static void setAvailable(boolean available) {
        SignInIssuerStub.available = available;
    }

    /// Requests of which the issuer has read and done what they ask, but whose responses it keeps
    /// back.
    public static final class HeldRequests implements AutoCloseable {

        private final AtomicInteger count = new AtomicInteger();
        private final CountDownLatch released = new CountDownLatch(1);

        private HeldRequests() {}

        /// How many there have been.
        public int count() {
            return count.get();
        }

        private void await() {
            count.incrementAndGet();
            try {
                released.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        /// Sends their responses.
        @Override
        public void close() {
            holding = null;
            released.countDown();
        }
    }

    /// Hangs: keeps back the responses to requests from now on.
    public static HeldRequests hold() {
        var held = new HeldRequests();
        holding = held;
        return held;
    }

    /// How often it was asked to renew tokens.
    public static int renewalCalls() {
        return SERVER.requests(SignInIssuerStub::isRenewal).size();
    }

    /// Signs a person in, as the issuer's page does.
    ///
    /// @param request the parameters of the authorization request
    /// @return the authorization code
    public static String grant(
            Map<String, String> request, String name, Duration lifetime, OperatorRole... roles) {
        return grant(request, name, lifetime, Map.of(), roles);
    }

    /// Signs a person in as another issuer would, or one that is set up wrongly.
    ///
    /// @param idClaims claims of the ID token in place of the right ones; an empty [Optional]
    ///     removes one
    public static String grantWithIdToken(
            Map<String, String> request,
            String name,
            Map<String, Object> idClaims,
            OperatorRole... roles) {
        return grant(request, name, Duration.ofMinutes(15), idClaims, roles);
    }

    private static String grant(
            Map<String, String> request,
            String name,
            Duration lifetime,
            Map<String, Object> idClaims,
            OperatorRole... roles) {
        var code = UUID.randomUUID().toString();
        GRANTS.put(
                code,
                new Grant(
                        name,
                        roles,
                        request.getOrDefault("nonce", ""),
                        request.getOrDefault("code_challenge", ""),
                        request.getOrDefault("redirect_uri", ""),
                        lifetime,
                        idClaims));
        return code;
    }

    /// The issuer no longer renews tokens.
    public static void revokeAll() {
        GRANTS.clear();
    }

    private static StubResponse respond(RecordedRequest request) {
        if (!available) {
            return new StubResponse(503, "out of order");
        }
        var response = exchange(request);
        var held = holding;
        if (held != null) {
            held.await();
        }
        return response;
    }

    private static boolean isRenewal(RecordedRequest request) {
        return request.form().getOrDefault("grant_type", "").equals("refresh_token");
    }

    private static StubResponse exchange(RecordedRequest request) {
        var form = request.form();
        boolean isRenewal = isRenewal(request);
        var grant = GRANTS.remove(form.getOrDefault(isRenewal ? "refresh_token" : "code", ""));
        if (grant == null
                || !isRenewal
                        && (!grant.challenge()
                                        .equals(sha256(form.getOrDefault("code_verifier", "")))
                                || !grant.redirectUri().equals(form.get("redirect_uri")))) {
            return new StubResponse(400, "{\"error\":\"invalid_grant\"}");
        }
        var refresh = UUID.randomUUID().toString();
        GRANTS.put(
                refresh,
                new Grant(
                        grant.name(),
                        grant.roles(),
                        grant.nonce(),
                        "",
                        "",
                        isRenewal ? Duration.ofMinutes(15) : grant.lifetime(),
                        grant.idClaims()));
        var lifetime = isRenewal ? Duration.ofMinutes(15) : grant.lifetime();
        return new StubResponse(
                200,
                "{\"token_type\":\"Bearer\",\"access_token\":\"%s\",\"refresh_token\":\"%s\",\"expires_in\":%d,\"id_token\":\"%s\"}"
                        .formatted(
                                accessToken(grant),
                                refresh,
                                Math.max(1, lifetime.toSeconds()),
                                idToken(grant)));
    }

    private static String accessToken(Grant grant) {
        return TestOperators.issuer()
                .sign(
                        claims(grant, TestOperators.AUDIENCE)
                                .claim("name", TestOperators.readableName(grant.name()))
                                .claim(
                                        "roles",
                                        Arrays.stream(grant.roles())
                                                .map(OperatorRole::code)
                                                .toList())
                                .build());
    }

    private static String idToken(Grant grant) {
        var claims = claims(grant, CLIENT).claim("nonce", grant.nonce());
        grant.idClaims()
                .forEach(
                        (name, value) ->
                                claims.claim(name, value.equals(Optional.empty()) ? null : value));
        return TestOperators.issuer().sign(claims.build());
    }

    private static JWTClaimsSet.Builder claims(Grant grant, String audience) {
        return TestOperators.issuer()
                .claims(grant.name(), audience)
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))));
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
}
