package dev.orderflow.commandline.operations;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.RecordedRequest;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// A signed-in operator with a running system of which a stub answers all requests.
abstract class OperationsCommandsFixture {

    /// The registered system, for `--run`.
    static final String SELF = Long.toString(ProcessHandle.current().pid());

    @Command(name = "orderflow")
    static final class TestRootCommand {}

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    /// The bodies of responses by their paths; others are answered with 404.
    final Map<String, String> answers = new ConcurrentHashMap<>();

    /// Access token, idempotency key and body of each request.
    final List<String> requests = new CopyOnWriteArrayList<>();

    /// The status of the responses in [#answers].
    volatile int status = 200;

    final HttpStub server = new HttpStub(this::respond);
    private AutoCloseable registration = () -> {};

    @BeforeEach
    void running() {
        var url = URI.create(server.url());
        registration =
                RunRegistration.current(
                                Map.of(),
                                new RunEndpoints(
                                        url, url, url, "the-key-of-this-run", services(url)))
                        .publish();
        signIn(Instant.now().plusSeconds(600));
    }

    @AfterEach
    void stop() throws Exception {
        OperatorSession.delete(issuer());
        server.close();
        registration.close();
    }

    URI issuer() {
        return URI.create(server.url());
    }

    /// Stores a session, as `login` does.
    String signIn(Instant expiresAt) {
        var token = token(expiresAt);
        new OperatorSession(issuer(), token).write();
        return token;
    }

    static String token(Instant expiresAt) {
        return "h."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                """
                                {"sub":"4f1c","name":"Grace Hopper","roles":["operator"],"exp":%d}"""
                                        .formatted(expiresAt.getEpochSecond())
                                        .getBytes(StandardCharsets.UTF_8))
                + ".s";
    }

    private static Map<String, URI> services(URI url) {
        return Map.of(
                "payment-service", url,
                "inventory-service", url,
                "shipping-service", url,
                "notification-service", url,
                "analytics-service", url);
    }

    /// Runs a command of the registered system and returns its exit code.
    int execute(String... arguments) {
        var all =
                Stream.concat(
                                Stream.of(arguments),
                                arguments.length > 1 || arguments[0].equals("audit")
                                        ? Stream.of("--run", SELF)
                                        : Stream.of())
                        .toArray(String[]::new);
        if (List.of(arguments).contains("--run")) {
            all = arguments;
        }
        return OperationsCommands.addTo(new CommandLine(new TestRootCommand()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all);
    }

    private StubResponse respond(RecordedRequest request) {
        requests.add(
                request.header("Authorization")
                        + " "
                        + request.header("Idempotency-Key")
                        + " "
                        + request.body());
        var answer = answers.get(request.path());
        return answer == null
                ? new StubResponse(404, "{\"title\":\"Unknown\"}")
                : new StubResponse(status, answer);
    }
}
