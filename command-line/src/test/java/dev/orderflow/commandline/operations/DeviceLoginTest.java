package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.RecordedRequest;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tools.jackson.databind.json.JsonMapper;

/// Signing in with the browser of another device.
class DeviceLoginTest {

    @Command(name = "orderflow")
    static final class DeviceRootCommand {}

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Deque<StubResponse> tokenAnswers = new ArrayDeque<>();
    private final HttpStub issuer = new HttpStub(this::respond);
    private String configuration =
            "{\"device_authorization_endpoint\":\"%1$s/device\",\"token_endpoint\":\"%1$s/token\"}"
                    .formatted(issuer.url());
    private String begun =
            """
            {"device_code":"the-device-code","user_code":"BCDF-GHJK","verification_uri":"http://i/device",
             "verification_uri_complete":"http://i/device?user_code=BCDF-GHJK","expires_in":300,"interval":0}
            """;

    private synchronized StubResponse respond(RecordedRequest request) {
        return switch (request.path()) {
            case "/.well-known/openid-configuration" -> new StubResponse(200, configuration);
            case "/device" -> new StubResponse(200, begun);
            default ->
                    tokenAnswers.isEmpty()
                            ? new StubResponse(400, "{\"error\":\"expired_token\"}")
                            : tokenAnswers.removeFirst();
        };
    }

    private void answerLater() {
        tokenAnswers.add(new StubResponse(400, "{\"error\":\"authorization_pending\"}"));
        tokenAnswers.add(new StubResponse(400, "{\"error\":\"authorization_pending\"}"));
        tokenAnswers.add(
                new StubResponse(
                        200,
                        "{\"access_token\":\"h.%s.s\"}"
                                .formatted(
                                        Base64.getUrlEncoder()
                                                .withoutPadding()
                                                .encodeToString(
                                                        "{\"sub\":\"4f1c\",\"name\":\"Grace Hopper\",\"roles\":[\"operator\"],\"exp\":%d}"
                                                                .formatted(
                                                                        Instant.now()
                                                                                .plusSeconds(600)
                                                                                .getEpochSecond())
                                                                .getBytes(
                                                                        StandardCharsets.UTF_8)))));
    }

    @AfterEach
    void stop() {
        OperatorSession.delete(URI.create(issuer.url()));
        issuer.close();
    }

    private int execute(String... arguments) {
        return OperationsCommands.addTo(new CommandLine(new DeviceRootCommand()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private List<RecordedRequest> requests(String path) {
        return issuer.requests(request -> request.path().equals(path));
    }

    @Test
    void theUserSignsInWithTheBrowserOfAnyDevice() {
        answerLater();
        assertThat(execute("login", "--device", "--issuer", issuer.url())).isZero();
        assertThat(out.toString())
                .contains("http://i/device?user_code=BCDF-GHJK", "the code BCDF-GHJK")
                .contains("Signed in as Grace Hopper (operator) until ");
        assertThat(OperatorSession.read(URI.create(issuer.url()))).isPresent();
        assertThat(requests("/token")).hasSize(3);
        assertThat(requests("/token").getLast().form())
                .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
                .containsEntry("device_code", "the-device-code");
        assertThat(requests("/device").getLast().form()).containsEntry("scope", "operations");
        assertThat(requests("/device").getLast().header("Authorization"))
                .isEqualTo(
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                "command-line:local"
                                                        .getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void withJsonTheResultAloneIsOnTheOutput() {
        answerLater();
        assertThat(execute("login", "--device", "--issuer", issuer.url(), "--json")).isZero();
        var result = JsonMapper.shared().readTree(out.toString());
        assertThat(result.path("name").asString()).isEqualTo("Grace Hopper");
        assertThat(result.path("roles").get(0).asString()).isEqualTo("operator");
        assertThat(result.toString()).doesNotContain("h.");
        assertThat(err.toString()).contains("BCDF-GHJK");
    }

    @Test
    void aPublicClientNamesItselfAndSendsNoSecret() {
        answerLater();
        assertThat(execute("login", "--device", "--issuer", issuer.url(), "--client-id", "cli"))
                .isZero();
        for (var path : List.of("/device", "/token")) {
            assertThat(requests(path).getLast().form()).containsEntry("client_id", "cli");
            assertThat(requests(path).getLast().header("Authorization")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "access_denied, the sign-in was refused",
        "expired_token, the code has expired",
        "invalid_grant, answered 400 invalid_grant"
    })
    void aRefusalIsReportedInOneLine(String error, String message) {
        tokenAnswers.add(new StubResponse(400, "{\"error\":\"%s\"}".formatted(error)));
        assertThat(execute("login", "--device", "--issuer", issuer.url())).isEqualTo(2);
        assertThat(err.toString()).contains(message).hasLineCount(1);
        assertThat(OperatorSession.read(URI.create(issuer.url()))).isEmpty();
    }

    @Test
    void aCodeWithoutALifetimeIsTriedOnce() {
        begun =
                "{\"device_code\":\"d\",\"user_code\":\"c\",\"verification_uri\":\"u\",\"interval\":0}";
        answerLater();
        assertThat(execute("login", "--device", "--issuer", issuer.url())).isEqualTo(2);
        assertThat(err.toString()).contains("the code has expired");
        assertThat(requests("/token")).hasSize(1);
    }

    /// As Cognito.
    @Test
    void anIssuerWithoutTheGrantIsNamed() {
        configuration = "{\"token_endpoint\":\"%s/token\"}".formatted(issuer.url());
        assertThat(execute("login", "--device", "--issuer", issuer.url())).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "has no sign-in with another device; run ./orderflow login without --device")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "{\"device_authorization_endpoint\":\"no url\"}"})
    void anAnswerThatIsNoneOfAnIssuerIsReportedInOneLine(String answer) {
        configuration = answer;
        assertThat(execute("login", "--device", "--issuer", issuer.url())).isEqualTo(2);
        assertThat(err.toString()).startsWith("orderflow: ").hasLineCount(1);
    }

    @Test
    void aUserIsChosenOnThePageAndNotByAnOption() {
        assertThat(execute("login", "--device", "--as", "adam", "--issuer", issuer.url()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("give --as or --device, not both");
    }
}
