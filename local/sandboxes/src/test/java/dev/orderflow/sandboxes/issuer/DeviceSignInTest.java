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
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The device grant ([RFC 8628](https://www.rfc-editor.org/rfc/rfc8628)) of the command line.
class DeviceSignInTest {

    private static final int PORT = FreePorts.findOne();
    private static final URI HERE = URI.create("http://127.0.0.1:" + PORT);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    private static DevelopmentIssuer issuer;

    @BeforeAll
    static void start() {
        issuer =
                DevelopmentIssuer.start(Set.of(DevelopmentIssuer.PROFILE), "127.0.0.1", PORT, HERE);
    }

    @AfterAll
    static void stop() {
        issuer.close();
    }

    @ParameterizedTest
    @EnumSource(DevelopmentOperator.class)
    void whoeverChoosesAnOperatorOnThePageSignsInTheDevice(DevelopmentOperator operator)
            throws Exception {
        var device = begin();
        assertThat(device.path("verification_uri").asString())
                .isEqualTo(HERE + "/oauth2/device_verification");
        var page = get(device.path("verification_uri_complete").asString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains(device.path("user_code").asString(), operator.readableName());
        assertThat(errorOf(poll(device))).as("no choice so far").isEqualTo("authorization_pending");

        assertThat(choose(device, operator.user()).body())
                .contains("The command line is signed in");

        var answer = poll(device);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var token = SignedJWT.parse(json(answer).path("access_token").asString()).getJWTClaimsSet();
        assertThat(token.getSubject()).isEqualTo(operator.user());
        assertThat(token.getAudience()).containsExactly(DevelopmentIssuer.OPERATIONS_AUDIENCE);
        assertThat(token.getStringListClaim("roles")).containsExactly(operator.role());
    }

    @Test
    void aCodeSignsInOnceAndADeviceCodeWorksOnce() throws Exception {
        var device = begin();
        choose(device, "oskar");
        var again = choose(device, "adam");
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("This code is unknown, was used or has expired");
        assertThat(poll(device).statusCode()).isEqualTo(200);
        assertThat(poll(device).statusCode()).isEqualTo(400);
    }

    @Test
    void anUnknownCodeSignsInNothing() throws Exception {
        for (var code : new String[] {"BCDF-GHJK", "", "\"><script>alert(1)</script>"}) {
            var refused =
                    get(
                            HERE
                                    + "/oauth2/device_verification?operator=adam&user_code="
                                    + URLEncoder.encode(code, StandardCharsets.UTF_8));
            assertThat(refused.statusCode()).as(code).isEqualTo(400);
            assertThat(refused.body()).doesNotContain("<script>");
        }
    }

    @Test
    void somebodyWhoIsNoOperatorIsAskedWhoTheyAre() throws Exception {
        var device = begin();
        assertThat(choose(device, "mallory").body()).contains("Who are you?");
        assertThat(errorOf(poll(device))).isEqualTo("authorization_pending");
    }

    @Test
    void withoutACodeThePageAsksForIt() throws Exception {
        assertThat(get(HERE + "/oauth2/device_verification").body()).contains("name=\"user_code\"");
        assertThat(get(HERE + "/oauth2/device_verification?user_code=%22%3E%3Cscript%3E").body())
                .doesNotContain("<script>");
    }

    @Test
    void theOpenIdConfigurationNamesTheEndpoint() throws Exception {
        assertThat(
                        json(get(HERE + "/.well-known/openid-configuration"))
                                .path("device_authorization_endpoint")
                                .asString(""))
                .isEqualTo(HERE + "/oauth2/device_authorization");
    }

    /// Clients with names of customers get no codes.
    @Test
    void onlyTheCommandLineHasTheGrant() throws Exception {
        assertThat(
                        post("/oauth2/device_authorization", "ada", Map.of("scope", "orders:read"))
                                .statusCode())
                .isEqualTo(400);
    }

    private static JsonNode begin() throws Exception {
        var answer =
                post(
                        "/oauth2/device_authorization",
                        DevelopmentIssuer.COMMAND_LINE_CLIENT,
                        Map.of("scope", "operations"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static HttpResponse<String> choose(JsonNode device, String operator) throws Exception {
        return get(device.path("verification_uri_complete").asString() + "&operator=" + operator);
    }

    private static HttpResponse<String> poll(JsonNode device) throws Exception {
        return post(
                "/oauth2/token",
                DevelopmentIssuer.COMMAND_LINE_CLIENT,
                Map.of("grant_type", GRANT, "device_code", device.path("device_code").asString()));
    }

    private static String errorOf(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(400);
        return json(answer).path("error").asString();
    }

    private static HttpResponse<String> post(String path, String client, Map<String, String> form)
            throws IOException, InterruptedException {
        var basic =
                Base64.getEncoder()
                        .encodeToString(
                                (client + ":" + DevelopmentIssuer.SECRET)
                                        .getBytes(StandardCharsets.US_ASCII));
        return HTTP.send(
                HttpRequest.newBuilder(HERE.resolve(path))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                BodyPublishers.ofString(
                                        form.entrySet().stream()
                                                .map(
                                                        field ->
                                                                field.getKey()
                                                                        + "="
                                                                        + URLEncoder.encode(
                                                                                field.getValue(),
                                                                                StandardCharsets
                                                                                        .UTF_8))
                                                .collect(Collectors.joining("&"))))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
