package dev.orderflow.sandboxes.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.orderflow.localmachine.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The authorization code flow with PKCE, as the operations console uses it.
class BrowserSignInTest {

    private static final int PORT = FreePorts.findOne();
    private static final URI HERE = URI.create("http://127.0.0.1:" + PORT);
    private static final URI CONSOLE = URI.create("http://127.0.0.1:8087");
    private static final String REDIRECT = DevelopmentIssuer.redirectUri(CONSOLE).toString();
    private static final String VERIFIER = "a-code-verifier-of-at-least-forty-three-characters";
    private static final Pattern LINK = Pattern.compile("href=\"\\?([^\"]*operator=%s)\"");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static DevelopmentIssuer issuer;

    @BeforeAll
    static void start() {
        issuer =
                DevelopmentIssuer.start(
                        Set.of(DevelopmentIssuer.PROFILE),
                        "127.0.0.1",
                        PORT,
                        HERE,
                        Set.of(URI.create(REDIRECT)));
    }

    @AfterAll
    static void stop() {
        issuer.close();
    }

    @Test
    void theOpenIdConfigurationNamesTheEndpoints() throws Exception {
        var configuration = json(get("/.well-known/openid-configuration"));
        assertThat(configuration.path("issuer").asString()).isEqualTo(HERE.toString());
        assertThat(configuration.path("authorization_endpoint").asString())
                .isEqualTo(HERE + "/oauth2/authorize");
        assertThat(configuration.path("token_endpoint").asString())
                .isEqualTo(HERE + "/oauth2/token");
        assertThat(configuration.path("code_challenge_methods_supported").toString())
                .contains("S256");
    }

    @ParameterizedTest
    @EnumSource(DevelopmentOperator.class)
    void thePageListsTheOperatorsAndTheChosenOneIsSignedIn(DevelopmentOperator operator)
            throws Exception {
        var page = get("/oauth2/authorize?" + query(request()));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("Vera Viewer", "Oskar Operator", "Anna Approver", "Adam Administrator")
                .as("an icon that a browser does not request")
                .contains("<link rel=\"icon\" href=\"data:,\">");
        var link = Pattern.compile(LINK.pattern().formatted(operator.user())).matcher(page.body());
        assertThat(link.find()).isTrue();
        var back = get("/oauth2/authorize?" + link.group(1).replace("&amp;", "&"));
        assertThat(back.statusCode()).isEqualTo(302);
        assertThat(location(back)).startsWith(REDIRECT + "?code=").contains("state=state");

        var tokens = json(exchange(codeOf(back), VERIFIER));
        var access = SignedJWT.parse(tokens.path("access_token").asString()).getJWTClaimsSet();
        assertThat(access.getSubject()).isEqualTo(operator.user());
        assertThat(access.getAudience()).containsExactly(DevelopmentIssuer.OPERATIONS_AUDIENCE);
        assertThat(access.getStringListClaim("roles")).containsExactly(operator.role());
        assertThat(access.getExpirationTime().toInstant())
                .isBefore(Instant.now().plus(Duration.ofMinutes(16)));
        var id = SignedJWT.parse(tokens.path("id_token").asString()).getJWTClaimsSet();
        assertThat(id.getSubject()).isEqualTo(operator.user());
        assertThat(id.getAudience()).containsExactly(DevelopmentIssuer.CONSOLE_CLIENT);
        assertThat(id.getStringClaim("nonce")).isEqualTo("nonce");
    }

    @Test
    void aCodeWorksOnceAndWithItsCodeVerifierOnly() throws Exception {
        var code = codeOf(signIn(request()));
        assertThat(
                        exchange(code, "another-verifier-of-at-least-forty-three-characters")
                                .statusCode())
                .isEqualTo(400);
        var other = codeOf(signIn(request()));
        assertThat(exchange(other, VERIFIER).statusCode()).isEqualTo(200);
        var again = exchange(other, VERIFIER);
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("invalid_grant");
    }

    @Test
    void aRefreshTokenRenewsTheAccessTokenOfTheSamePerson() throws Exception {
        var tokens = json(exchange(codeOf(signIn(request())), VERIFIER));
        var renewed =
                json(
                        token(
                                Map.of(
                                        "grant_type",
                                        "refresh_token",
                                        "refresh_token",
                                        tokens.path("refresh_token").asString())));
        assertThat(
                        SignedJWT.parse(renewed.path("access_token").asString())
                                .getJWTClaimsSet()
                                .getSubject())
                .isEqualTo("oskar");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:9999/login/oauth2/code/operators",
                "http://127.0.0.1:8087/login/oauth2/code/operators/",
                "http://127.0.0.1:8087/login/oauth2/code/operators?x",
                "http://localhost:8087/login/oauth2/code/operators",
                "https://evil.example/"
            })
    void noBrowserIsSentToAnotherRedirectUri(String uri) throws Exception {
        var request = request();
        request.put("redirect_uri", uri);
        var refused = signIn(request);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(location(refused)).isEqualTo("none");
    }

    @Test
    void aRequestWithoutPkceIsRefused() throws Exception {
        var request = request();
        request.remove("code_challenge");
        request.remove("code_challenge_method");
        assertThat(location(signIn(request)))
                .startsWith(REDIRECT)
                .contains("error=invalid_request");
    }

    @Test
    void somebodyWhoIsNoOperatorIsNotSignedIn() throws Exception {
        var request = request();
        request.put("operator", "mallory");
        var page = get("/oauth2/authorize?" + query(request));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Who are you?");
    }

    @Test
    void theQueryOfARequestIsTextOnThePage() throws Exception {
        var request = request();
        request.put("state", "\"><script>alert(1)</script>");
        assertThat(get("/oauth2/authorize?" + query(request)).body())
                .doesNotContain("<script>", "\"><");
    }

    private static Map<String, String> request() throws Exception {
        var request = new LinkedHashMap<String, String>();
        request.put("response_type", "code");
        request.put("client_id", DevelopmentIssuer.CONSOLE_CLIENT);
        request.put("redirect_uri", REDIRECT);
        request.put("scope", "openid operations");
        request.put("state", "state");
        request.put("nonce", "nonce");
        request.put(
                "code_challenge",
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(VERIFIER.getBytes(StandardCharsets.US_ASCII))));
        request.put("code_challenge_method", "S256");
        return request;
    }

    private static HttpResponse<String> signIn(Map<String, String> request) throws Exception {
        return get("/oauth2/authorize?" + query(request) + "&operator=oskar");
    }

    private static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(
                        parameter ->
                                parameter.getKey()
                                        + "="
                                        + URLEncoder.encode(
                                                parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String codeOf(HttpResponse<String> back) {
        var code = Pattern.compile("[?&]code=([^&]+)").matcher(location(back));
        assertThat(code.find()).as(location(back)).isTrue();
        return code.group(1);
    }

    private static HttpResponse<String> exchange(String code, String verifier) throws Exception {
        return token(
                Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "code_verifier",
                        verifier,
                        "redirect_uri",
                        REDIRECT));
    }

    private static HttpResponse<String> token(Map<String, String> form)
            throws IOException, InterruptedException {
        var basic =
                Base64.getEncoder()
                        .encodeToString(
                                (DevelopmentIssuer.CONSOLE_CLIENT + ":" + DevelopmentIssuer.SECRET)
                                        .getBytes(StandardCharsets.US_ASCII));
        return HTTP.send(
                HttpRequest.newBuilder(HERE.resolve("/oauth2/token"))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(query(form)))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(HERE + path)).build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(response.body());
    }

    private static String location(HttpResponse<?> response) {
        return response.headers().firstValue("Location").orElse("none");
    }
}
