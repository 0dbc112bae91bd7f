package dev.orderflow.order.web;

import static dev.orderflow.order.OrderApiClient.json;
import static dev.orderflow.order.OrderApiClient.orderBody;
import static dev.orderflow.order.OrderApiClient.problemType;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import dev.orderflow.order.TokenIssuerStub;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Authentication and authorisation of the public API.
@RunningOrderService
class OrderApiAuthorizationTest {

    private final int port;
    private final OrderApiClient api;
    private final JdbcClient jdbc;

    @Autowired
    OrderApiAuthorizationTest(@LocalServerPort int port, JdbcClient jdbc) {
        this.port = port;
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
    }

    @Test
    void withoutATokenEveryOrderPathIsRefused() {
        var id = api.placeAccepted(api.createArticle("1.00", "EUR"));
        for (var request :
                List.of(
                        api.request("/orders").GET(),
                        api.request("/orders/" + id).GET(),
                        api.request("/orders/" + UUID.randomUUID()).GET(),
                        api.request("/orders/no-id").GET(),
                        api.request("/orders").POST(BodyPublishers.ofString("nonsense")),
                        api.request("/orders/" + id + "/cancellation")
                                .POST(BodyPublishers.noBody()),
                        api.request("/orders").DELETE())) {
            var answer = api.send(request);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(problemType(answer)).isEqualTo("token-required");
            assertThat(challenge(answer)).isEqualTo("Bearer realm=\"orderflow\"");
        }
    }

    @Test
    void theCatalogueAndTheDescriptionNeedNoToken() {
        for (var path :
                List.of(
                        "/catalogue",
                        "/v3/api-docs",
                        "/swagger-ui/index.html",
                        "/swagger-ui.html")) {
            assertThat(api.send(api.request(path).GET()).statusCode()).isIn(200, 302);
        }
    }

    /// A new path is denied until it has a scope; then it must be tested here.
    @Test
    void everyPublicPathIsCoveredByThisTest(
            @Autowired @Qualifier("requestMappingHandlerMapping")
                    RequestMappingHandlerMapping mappings) {
        assertThat(mappings.getHandlerMethods().keySet())
                .flatExtracting(RequestMappingInfo::getPatternValues)
                .filteredOn(path -> !path.startsWith("/internal/"))
                .filteredOn(
                        path -> !path.startsWith("/v3/api-docs") && !path.startsWith("/swagger"))
                .containsOnly(
                        "/orders",
                        "/orders/{orderId}",
                        "/orders/{orderId}/cancellation",
                        "/catalogue",
                        "/error");
    }

    static Stream<Arguments> invalidTokens() throws JOSEException {
        var good = TokenIssuerStub.claims("ada", "orders:read orders:write operator");
        var strange = TokenIssuerStub.newKey();
        var publicKey = TokenIssuerStub.key().toRSAPublicKey().getEncoded();
        var pem =
                ("-----BEGIN PUBLIC KEY-----\n"
                                + Base64.getMimeEncoder(
                                                64, "\n".getBytes(StandardCharsets.US_ASCII))
                                        .encodeToString(publicKey)
                                + "\n-----END PUBLIC KEY-----\n")
                        .getBytes(StandardCharsets.US_ASCII);
        var valid = TokenIssuerStub.token("ada", "orders:read");
        var parts = valid.split("\\.");
        return Stream.of(
                Arguments.of("garbage", "garbage"),
                Arguments.of("three empty parts", ".."),
                Arguments.of("five parts", "a.b.c.d.e"),
                Arguments.of("long", "a".repeat(4_000)),
                Arguments.of("without a signature", parts[0] + "." + parts[1] + "."),
                Arguments.of(
                        "with the signature of another token",
                        parts[0]
                                + "."
                                + parts[1]
                                + "."
                                + TokenIssuerStub.token("eve", "orders:read").split("\\.")[2]),
                Arguments.of("alg none", new PlainJWT(good.build()).serialize()),
                Arguments.of("HS256 with the public key", hmac(publicKey, good.build())),
                Arguments.of("HS256 with its PEM", hmac(pem, good.build())),
                Arguments.of(
                        "RS512, which is not allowed",
                        TokenIssuerStub.sign(
                                header(JWSAlgorithm.RS512).build(),
                                good.build(),
                                TokenIssuerStub.key())),
                Arguments.of(
                        "another key under our key's id",
                        TokenIssuerStub.sign(
                                header(JWSAlgorithm.RS256).build(), good.build(), strange)),
                Arguments.of(
                        "another key, embedded in the token",
                        TokenIssuerStub.sign(
                                new JWSHeader.Builder(JWSAlgorithm.RS256)
                                        .jwk(strange.toPublicJWK())
                                        .build(),
                                good.build(),
                                strange)),
                Arguments.of(
                        "an unknown key",
                        TokenIssuerStub.sign(
                                header(JWSAlgorithm.RS256).keyID("unknown").build(),
                                good.build(),
                                strange)),
                Arguments.of(
                        "another token type",
                        TokenIssuerStub.sign(
                                header(JWSAlgorithm.RS256)
                                        .type(new JOSEObjectType("logout+jwt"))
                                        .build(),
                                good.build(),
                                TokenIssuerStub.key())),
                Arguments.of("expired", with("exp", at(-31))),
                Arguments.of("without an expiry", with("exp", null)),
                Arguments.of("not valid yet", with("nbf", at(60))),
                Arguments.of("of another issuer", with("iss", TokenIssuerStub.url() + "/")),
                Arguments.of("without an issuer", with("iss", null)),
                Arguments.of("for another audience", with("aud", "others")),
                Arguments.of("without an audience", with("aud", null)),
                Arguments.of("an ID token", with("token_use", "id")),
                Arguments.of("without a subject", with("sub", null)),
                Arguments.of("with an invalid subject", with("sub", "ada'; DROP TABLE orders--")),
                Arguments.of("with a subject that is too long", with("sub", "a".repeat(65))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalidTokens")
    void anInvalidTokenIsRefused(String why, String token) {
        var answer = get("/orders", "Bearer " + token);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(problemType(answer)).isEqualTo("token-invalid");
        assertThat(challenge(answer)).contains("error=\"invalid_token\"");
        assertThat(answer.body()).doesNotContain("Exception", "nimbus", "Jwt", "signature");
    }

    @Test
    void aTokenIsAcceptedInTheAuthorizationHeaderOnly() {
        var token = TokenIssuerStub.token(api.customer(), "orders:read");
        var query = api.send(api.request("/orders?access_token=" + token).GET());
        assertThat(problemType(query)).isEqualTo("token-required");
        var form =
                api.send(
                        api.request("/orders")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("access_token=" + token)));
        assertThat(problemType(form)).isEqualTo("token-required");
        for (var other : List.of("Basic " + token, token, "DPoP " + token)) {
            assertThat(problemType(get("/orders", other))).isEqualTo("token-required");
        }
        var cookie =
                api.send(api.request("/orders").header("Cookie", "access_token=" + token).GET());
        assertThat(problemType(cookie)).isEqualTo("token-required");
    }

    @Test
    void tokensOfAllCommonIssuersAreAccepted() {
        for (var header :
                List.of(
                        header(JWSAlgorithm.RS256).type(null),
                        header(JWSAlgorithm.RS256).type(JOSEObjectType.JWT),
                        header(JWSAlgorithm.RS256).type(new JOSEObjectType("at+jwt")))) {
            var claims = TokenIssuerStub.claims(api.customer(), "openid orders:read");
            var token = TokenIssuerStub.sign(header.build(), claims.build(), TokenIssuerStub.key());
            assertThat(get("/orders", "Bearer " + token).statusCode()).isEqualTo(200);
        }
        for (var claims :
                List.of(
                        Map.entry("scope", List.of("orders:read")),
                        Map.entry("aud", List.of("others", TokenIssuerStub.AUDIENCE)),
                        Map.entry("token_use", "access"),
                        Map.entry("exp", at(-20)))) {
            var token =
                    TokenIssuerStub.sign(
                            TokenIssuerStub.claims(api.customer(), "orders:read")
                                    .claim(claims.getKey(), claims.getValue())
                                    .build());
            assertThat(get("/orders", "bearer " + token).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "orders:read, 403, 200, 200, 403",
        "orders:write, 422, 403, 403, 202",
        "orders:read orders:write, 422, 200, 200, 202",
        "operator, 403, 403, 200, 202",
        "openid email, 403, 403, 403, 403",
        "Orders:Read, 403, 403, 403, 403",
        "orders:reading, 403, 403, 403, 403",
        "'', 403, 403, 403, 403"
    })
    void everyPathHasItsScope(String scopes, int place, int list, int look, int cancel) {
        var id = api.placeAccepted(api.createArticle("1.00", "EUR"));
        var limited = new OrderApiClient(port, api.customer(), scopes);
        // The article is unknown, so an authorised request ends with 422.
        assertThat(limited.place("scopes", orderBody("NONE", 1)).statusCode()).isEqualTo(place);
        assertThat(limited.get("/orders").statusCode()).isEqualTo(list);
        assertThat(limited.get("/orders/" + id).statusCode()).isEqualTo(look);
        assertThat(limited.cancel(id).statusCode()).isEqualTo(cancel);
    }

    @Test
    void theResponseNamesTheMissingScope() {
        var answer = new OrderApiClient(port, api.customer(), "orders:write").get("/orders");
        assertThat(problemType(answer)).isEqualTo("scope-missing");
        assertThat(json(answer).at("/scopes/0").asString()).isEqualTo("orders:read");
        assertThat(challenge(answer))
                .contains("error=\"insufficient_scope\"", "scope=\"orders:read\"");
    }

    @Test
    void theResponseForAnotherCustomersOrderEqualsThatForAMissingOne() {
        var theirs = new OrderApiClient(port).placeAccepted(api.createArticle("1.00", "EUR"));
        var none = UUID.randomUUID().toString();
        for (var answers :
                List.of(
                        List.of(api.get("/orders/" + theirs), api.get("/orders/" + none)),
                        List.of(api.cancel(theirs), api.cancel(none)))) {
            assertThat(answers.getFirst().statusCode()).isEqualTo(404);
            assertThat(answers.getFirst().body().replace(theirs, none))
                    .isEqualTo(answers.getLast().body());
            assertThat(answers.getFirst().headers().map().keySet())
                    .isEqualTo(answers.getLast().headers().map().keySet());
        }
        assertThat(json(new OrderApiClient(port).get("/orders")).path("orders")).isEmpty();
    }

    @Test
    void aCustomerReferenceOutsideTheTokenIsIgnored() {
        var victim = new OrderApiClient(port);
        var id = victim.placeAccepted(api.createArticle("1.00", "EUR"));
        var answer =
                api.send(
                        api.request("/orders/" + id)
                                .header("Authorization", api.authorization())
                                .header("X-Customer-Ref", victim.customer())
                                .GET());
        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @Test
    void anOperatorsAccessToACustomersOrderIsLogged() {
        var id = api.placeAccepted(api.createArticle("1.00", "EUR"));
        var operator = new OrderApiClient(port, "op-" + UUID.randomUUID(), "operator");
        assertThat(json(operator.get("/orders/" + id)).path("orderId").asString()).isEqualTo(id);
        assertThat(operator.cancel(id).statusCode()).isEqualTo(202);
        assertThat(operator.cancel(id).statusCode()).isEqualTo(202);
        assertThat(operator.get("/orders/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(trail(operator.customer()))
                .containsExactly("READ " + id, "CANCEL " + id, "CANCEL " + id);
        assertThat(json(api.get("/orders/" + id)).path("state").asString())
                .isEqualTo("CANCEL_REQUESTED");
    }

    @Test
    void anOperatorsAccessToTheirOwnOrderIsNotLogged() {
        var both =
                new OrderApiClient(
                        port, "op-" + UUID.randomUUID(), "operator orders:read orders:write");
        var id = both.placeAccepted(api.createArticle("1.00", "EUR"));
        assertThat(both.get("/orders/" + id).statusCode()).isEqualTo(200);
        assertThat(trail(both.customer())).isEmpty();
    }

    @Test
    void anOperatorsRequestFailsIfItsAccessCannotBeLogged() {
        var id = api.placeAccepted(api.createArticle("1.00", "EUR"));
        var operator = new OrderApiClient(port, "op-" + UUID.randomUUID(), "operator");
        jdbc.sql(
                        """
                        ALTER TABLE operator_access_log ADD CONSTRAINT not_this_one
                        CHECK (operator <> '%s')
                        """
                                .formatted(operator.customer()))
                .update();
        try {
            assertThat(operator.get("/orders/" + id).statusCode()).isEqualTo(500);
            assertThat(operator.cancel(id).statusCode()).isEqualTo(500);
        } finally {
            jdbc.sql("ALTER TABLE operator_access_log DROP CONSTRAINT not_this_one").update();
        }
        assertThat(json(api.get("/orders/" + id)).path("state").asString()).isEqualTo("PENDING");
    }

    @Test
    void unknownKeyIdsCauseFewRequestsToTheIssuer() {
        get("/orders", "Bearer " + TokenIssuerStub.token("ada", "orders:read"));
        var before = TokenIssuerStub.jwksRequestCount();
        var otherKey = TokenIssuerStub.newKey();
        for (int i = 0; i < 40; i++) {
            var token =
                    TokenIssuerStub.sign(
                            header(JWSAlgorithm.RS256).keyID("key-" + i).build(),
                            TokenIssuerStub.claims("ada", "orders:read").build(),
                            otherKey);
            assertThat(get("/orders", "Bearer " + token).statusCode()).isEqualTo(401);
        }
        assertThat(TokenIssuerStub.jwksRequestCount() - before).isLessThan(10);
    }

    private List<String> trail(String operator) {
        return jdbc.sql(
                        """
                        SELECT action || ' ' || order_id FROM operator_access_log
                         WHERE operator = :operator AND accessed_at IS NOT NULL ORDER BY id
                        """)
                .param("operator", operator)
                .query(String.class)
                .list();
    }

    private HttpResponse<String> get(String path, String authorization) {
        return api.send(api.request(path).header("Authorization", authorization).GET());
    }

    private static String challenge(HttpResponse<String> answer) {
        return answer.headers().firstValue("WWW-Authenticate").orElse("");
    }

    private static JWSHeader.Builder header(JWSAlgorithm algorithm) {
        return new JWSHeader.Builder(algorithm).keyID(TokenIssuerStub.key().getKeyID());
    }

    private static Date at(long secondsFromNow) {
        return Date.from(Instant.now().plusSeconds(secondsFromNow));
    }

    private static String with(String claim, @Nullable Object value) {
        return TokenIssuerStub.sign(
                TokenIssuerStub.claims("ada", "orders:read").claim(claim, value).build());
    }

    private static String hmac(byte[] secret, JWTClaimsSet claims) throws JOSEException {
        var token = new SignedJWT(header(JWSAlgorithm.HS256).build(), claims);
        token.sign(new MACSigner(secret));
        return token.serialize();
    }
}
