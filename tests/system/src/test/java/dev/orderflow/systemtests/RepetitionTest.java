package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The clients of these tests repeat what a service answers with 503.
@ResourceLock(RunningSystem.SHARED)
class RepetitionTest {

    private final AtomicInteger requests = new AtomicInteger();

    /// A service that responds to the third request.
    private final HttpStub service =
            new HttpStub(
                    _ ->
                            requests.incrementAndGet() < 3
                                    ? new StubResponse(503, "{\"title\":\"Unavailable\"}")
                                    : new StubResponse(200, "{\"violations\":[]}"));

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void aRequestIsRepeated() {
        var answer =
                new ShopClient().send("POST", URI.create(service.url()), "/orders", Map.of(), "{}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(requests).hasValue(3);
    }

    @Test
    void aRequestWhoseResponseMayBe503IsSentOnce() {
        var answer =
                new ShopClient()
                        .sendOnce("POST", URI.create(service.url()), "/orders", Map.of(), "{}");
        assertThat(answer.statusCode()).isEqualTo(503);
    }

    /// The second one is in a substitution, the third one in a pipe.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "./orderflow audit --now --json --url <url>",
                "answer=$(curl -s <url>); echo \"$answer\"",
                "curl <url>/orders | cat"
            })
    void aCommandIsRepeated(String command) {
        try (var shell = new Shell(RunningSystem.shared())) {
            var script = command.replace("<url>", service.url());
            assertThat(shell.attempt(script).isFine()).isFalse();
            var result = shell.run(script);
            assertThat(result.isFine()).as(result.output()).isTrue();
            assertThat(result.output()).contains("violations").doesNotContain("Unavailable");
            assertThat(requests).hasValue(3);
        }
    }
}
