package dev.orderflow.sandboxes.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.orderflow.commandline.operations.DevelopmentTokenClient;
import dev.orderflow.localmachine.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DevelopmentIssuerTest {

    private static final int PORT = FreePorts.findOne();
    private static final URI HERE = URI.create("http://127.0.0.1:" + PORT);

    /// The issuer claim, which may differ from the URL of the server.
    private static final URI NAME = URI.create("http://issuer.example");

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static DevelopmentIssuer issuer;

    @BeforeAll
    static void start() {
        issuer =
                DevelopmentIssuer.start(Set.of(DevelopmentIssuer.PROFILE), "127.0.0.1", PORT, NAME);
    }

    @AfterAll
    static void stop() {
        issuer.close();
    }

    @Test
    void anyNameGetsATokenOfThatCustomer() throws Exception {
        var token = SignedJWT.parse(new DevelopmentTokenClient(() -> HERE, HTTP).token("ada"));
        var claims = token.getJWTClaimsSet();
        assertThat(claims.getSubject()).isEqualTo("ada");
        assertThat(claims.getIssuer()).isEqualTo(NAME.toString());
        assertThat(claims.getAudience()).containsExactly(DevelopmentIssuer.AUDIENCE);
        assertThat(claims.getStringClaim("scope").split(" "))
                .containsExactlyInAnyOrder("orders:read", "orders:write");
        assertThat(claims.getExpirationTime().toInstant())
                .isAfter(Instant.now().plus(Duration.ofHours(7)));
        var key = JWKSet.load(DevelopmentIssuer.jwksUrl(HERE).toURL()).getKeys().getFirst();
        assertThat(token.verify(new RSASSAVerifier(key.toRSAKey()))).isTrue();
        assertThat(key.isPrivate()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "operator-ops"})
    void aNameWithTheOperatorPrefixGetsAnOperatorsToken(String name) throws Exception {
        var claims =
                SignedJWT.parse(new DevelopmentTokenClient(() -> HERE, HTTP).token(name))
                        .getJWTClaimsSet();
        assertThat(claims.getStringClaim("scope")).isEqualTo("operator");
    }

    @ParameterizedTest
    @EnumSource(DevelopmentOperator.class)
    void anOperatorGetsATokenForTheInternalApiWithNameAndRole(DevelopmentOperator operator)
            throws Exception {
        var client = new DevelopmentTokenClient(() -> HERE, HTTP);
        var claims = SignedJWT.parse(client.operatorToken(operator.user())).getJWTClaimsSet();
        assertThat(claims.getSubject()).isEqualTo(operator.user());
        assertThat(claims.getAudience()).containsExactly(DevelopmentIssuer.OPERATIONS_AUDIENCE);
        assertThat(claims.getStringClaim("name")).isEqualTo(operator.readableName());
        assertThat(claims.getStringListClaim("roles")).containsExactly(operator.role());

        // The same name is that of a customer when the scope is not requested.
        var customer = SignedJWT.parse(client.token(operator.user())).getJWTClaimsSet();
        assertThat(customer.getAudience()).containsExactly(DevelopmentIssuer.AUDIENCE);
        assertThat(customer.getClaims()).doesNotContainKeys("roles", "name");
        assertThat(customer.getStringClaim("scope")).doesNotContain("operations");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "operator", "operator-ops", "Adam", "administrator"})
    void nobodyElseGetsATokenForTheInternalApi(String name) throws Exception {
        var answer = ask(name, "local", "grant_type=client_credentials&scope=operations");
        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void aRequestedScopeIsGrantedOnlyIfTheCallerHasIt() throws Exception {
        var less = ask("ada", "local", "grant_type=client_credentials&scope=orders:read");
        assertThat(less.statusCode()).isEqualTo(200);
        assertThat(less.body()).contains("\"scope\":\"orders:read\"");
        var more = ask("ada", "local", "grant_type=client_credentials&scope=operator");
        assertThat(more.statusCode()).isEqualTo(400);
    }

    @Test
    void anInvalidSecretOrNameIsRejected() throws Exception {
        assertThat(ask("ada", "guess", "grant_type=client_credentials").statusCode())
                .isEqualTo(401);
        assertThat(ask("no name", "local", "grant_type=client_credentials").statusCode())
                .isEqualTo(401);
        assertThatThrownBy(() -> new DevelopmentTokenClient(() -> HERE, HTTP).token("a b"))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "prod", "container", "Local"})
    void theIssuerStartsWithItsOwnProfileOnly(String profile) {
        assertThatThrownBy(
                        () ->
                                DevelopmentIssuer.start(
                                        Set.of(profile), "127.0.0.1", FreePorts.findOne(), NAME))
                .isInstanceOf(LocalProfileRequiredException.class)
                .hasMessageContaining("SPRING_PROFILES_ACTIVE=local");
    }

    private static HttpResponse<String> ask(String name, String secret, String form)
            throws IOException, InterruptedException {
        var basic =
                Base64.getEncoder()
                        .encodeToString((name + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return HTTP.send(
                HttpRequest.newBuilder(HERE.resolve("/oauth2/token"))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }
}
