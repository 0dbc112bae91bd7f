package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localmachine.UserFolder;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signing in and out, and what commands say without a valid session.
class SessionCommandsTest extends OperationsCommandsFixture {

    @Test
    void loginStoresTheTokenForThisUserAlone() throws Exception {
        OperatorSession.delete(issuer());
        var token = token(Instant.now().plusSeconds(600));
        answers.put("/oauth2/token", "{\"access_token\":\"%s\"}".formatted(token));
        assertThat(execute("login", "--run", SELF)).isZero();
        assertThat(requests.getFirst()).contains("grant_type=client_credentials&scope=operations");
        assertThat(out.toString())
                .startsWith("Signed in as Grace Hopper (operator) until ")
                .doesNotContain(token)
                .hasLineCount(1);
        var session = OperatorSession.read(issuer()).orElseThrow();
        assertThat(session.token()).isEqualTo(token);
        try (var files = Files.list(UserFolder.state())) {
            assertThat(files.filter(file -> file.toString().endsWith(".token")))
                    .allSatisfy(
                            file ->
                                    assertThat(
                                                    PosixFilePermissions.toString(
                                                            Files.getPosixFilePermissions(file)))
                                            .isEqualTo("rw-------"));
        }
        assertThat(execute("whoami", "--run", SELF)).isZero();
        assertThat(out.toString()).contains("subject 4f1c").doesNotContain(token);
        assertThat(execute("whoami", "--token", "--run", SELF)).isZero();
        assertThat(out.toString()).contains(token);
        assertThat(execute("logout", "--run", SELF)).isZero();
        assertThat(OperatorSession.read(issuer())).isEmpty();
    }

    @Test
    void withoutASessionACommandSaysWhatToDo() {
        OperatorSession.delete(issuer());
        for (var command : List.of("dlq list", "whoami")) {
            err.getBuffer().setLength(0);
            assertThat(execute((command + " --run " + SELF).split(" "))).isEqualTo(2);
            assertThat(err.toString())
                    .isEqualToIgnoringNewLines(
                            "orderflow: you are not signed in; sign in with './orderflow login'");
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void theTokenOfTheEnvironmentIsASession() {
        var session = OperatorSession.ofEnvironment(" " + token(Instant.now()) + "\n");
        assertThat(session.name()).isEqualTo("Grace Hopper");
        assertThat(session.token()).doesNotContain(" ", "\n");
        assertThat(session.issuer().toString()).isEqualTo("environment:ORDERFLOW_OPERATOR_TOKEN");
    }

    @Test
    void anExpiredSessionIsReportedInOneLine() {
        signIn(Instant.now().minusSeconds(1));
        assertThat(execute("whoami", "--run", SELF)).isEqualTo(2);
        assertThat(err.toString())
                .contains("the session of Grace Hopper has expired")
                .hasLineCount(1);

        err.getBuffer().setLength(0);
        status = 401;
        answers.put("/internal/operations/dead-letters", "{\"title\":\"Invalid access token\"}");
        assertThat(execute("dlq", "list")).isEqualTo(2);
        assertThat(err.toString())
                .contains("your session has expired", "./orderflow login")
                .hasLineCount(1);
    }

    @Test
    void aRoleThatIsTooSmallIsNamedWithTheOwnOnes() {
        status = 403;
        answers.put(
                "/internal/operations/dead-letters",
                """
                {"type":"https://orderflow.dev/problems/operator-role-required",
                 "title":"Role of operator required","detail":"This needs the role approver."}""");
        assertThat(execute("dlq", "list")).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "This needs the role approver. You are signed in as Grace Hopper (operator).")
                .hasLineCount(1);
    }

    @Test
    void theTokenCommandPrintsOnlyTheToken() {
        answers.put("/oauth2/token", "{\"access_token\":\"abc\",\"expires_in\":1}");
        assertThat(execute("token", "--customer", "ada")).isZero();
        assertThat(execute("token", "--operator", "ops")).isZero();
        assertThat(out.toString().lines()).containsExactly("abc", "abc");
    }

    @Test
    void aRejectedTokenRequestIsReportedInOneLine() {
        status = 401;
        answers.put("/oauth2/token", "{}");
        assertThat(execute("token", "--customer", "no name")).isEqualTo(2);
        assertThat(err.toString())
                .contains("the issuer rejects the token request for 'no name'")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Welcome</html>",
                "{\"title\":\"Welcome\"}",
                "{\"access_token\":1}",
                ""
            })
    void anotherServerInPlaceOfTheIssuerIsNamed(String answer) {
        answers.put("/oauth2/token", answer);
        for (var command : List.of("token --customer ada", "login")) {
            err.getBuffer().setLength(0);
            assertThat(execute((command + " --run " + SELF).split(" "))).isEqualTo(2);
            assertThat(err.toString().strip())
                    .isEqualTo("orderflow: the server at " + server.url() + " is not the issuer");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Welcome</html>", "{\"title\":\"Welcome\"}"})
    void anotherServerInPlaceOfTheIssuerOfBrowsersIsNamed(String answer) {
        answers.put("/.well-known/openid-configuration", answer);
        assertThat(execute("login", "--issuer", server.url(), "--client-id", "c")).isEqualTo(2);
        assertThat(err.toString().strip())
                .isEqualTo("orderflow: the server at " + server.url() + " is not an issuer");
    }
}
