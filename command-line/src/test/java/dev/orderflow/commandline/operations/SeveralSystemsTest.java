package dev.orderflow.commandline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.commandline.Orderflow;
import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands while two systems of this user run, neither of them on the standard ports. Each command
/// runs in a process of its own, because the environment is a part of the call.
class SeveralSystemsTest {

    private final HttpStub server = new HttpStub(_ -> new StubResponse(200, "{\"orders\":[]}"));

    @TempDir private Path folder;

    @BeforeEach
    void twoSystemsRun() throws IOException {
        var user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_");
        var registrations = Files.createDirectory(folder.resolve("orderflow-" + user));
        var self = ProcessHandle.current();
        for (var process : Stream.concat(Stream.of(self), self.parent().stream()).toList()) {
            var url = URI.create("http://127.0.0.1:1");
            var unused =
                    new RunRegistration(
                                    process.pid(),
                                    process.info().startInstant().orElse(Instant.EPOCH),
                                    Map.of(),
                                    new RunEndpoints(url, url, url, "key", Map.of()))
                            .publish(registrations);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void noneIsSelectedByACommandWithUrlAndToken() throws Exception {
        var token = Map.of(OperatorSession.TOKEN_VARIABLE, "a-token");
        assertThat(execute(token, "orders", "search", "--url", server.url()))
                .isEqualTo(new FinishedCommand(0, "No order matches.\n"));
        assertThat(
                        execute(
                                Map.of(
                                        OperatorSession.TOKEN_VARIABLE,
                                        "a-token",
                                        "ORDERFLOW_OPERATIONS_URL",
                                        server.url()),
                                "orders",
                                "search"))
                .isEqualTo(new FinishedCommand(0, "No order matches.\n"));
        assertThat(server.requests(it -> "Bearer a-token".equals(it.header("Authorization"))))
                .hasSize(2);
    }

    @Test
    void oneMustBeSelectedByACommandWithoutUrl() throws Exception {
        var result = execute(Map.of(OperatorSession.TOKEN_VARIABLE, "a-token"), "orders", "search");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.output())
                .startsWith("orderflow: 2 systems are running; select one with --run PROCESS: ");
    }

    /// @param output standard output and error output
    private record FinishedCommand(int exitCode, String output) {}

    private FinishedCommand execute(Map<String, String> environment, String... arguments)
            throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command =
                Stream.concat(
                                Stream.of(
                                        java,
                                        "-XX:TieredStopAtLevel=1",
                                        "-Djava.io.tmpdir=" + folder,
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Orderflow.class.getName()),
                                Stream.of(arguments))
                        .toList();
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(
                        name -> name.startsWith("ORDERFLOW_") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new FinishedCommand(process.waitFor(), output);
    }
}
