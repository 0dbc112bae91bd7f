package dev.orderflow.defaults.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The probe as a container runs it: a process that has one class and the JDK.
class HealthProbeTest {

    private static final String CLASS = HealthProbe.class.getName().replace('.', '/') + ".class";

    @TempDir private Path probe;

    @BeforeEach
    void theProbeNeedsOnlyItsClass() throws IOException {
        var copy = probe.resolve(CLASS);
        Files.createDirectories(copy.getParent());
        try (InputStream compiled = HealthProbe.class.getResourceAsStream("HealthProbe.class")) {
            Files.copy(compiled, copy);
        }
    }

    @Test
    void aServiceThatAnswers200IsHealthy() throws Exception {
        var service = new HttpStub(_ -> new HttpStub.StubResponse(200, "{\"status\":\"UP\"}"));
        assertThat(exitCode(service.url(), "/readiness")).isZero();
        assertThat(service.requests(_ -> true))
                .extracting(HttpStub.RecordedRequest::path)
                .containsExactly("/readiness");
    }

    @Test
    void anErrorStatusIsUnhealthy() throws Exception {
        var service = new HttpStub(_ -> new HttpStub.StubResponse(503, "{\"status\":\"DOWN\"}"));
        assertThat(exitCode(service.url(), "/readiness")).isEqualTo(1);
    }

    @Test
    void aClosedConnectionIsUnhealthy() throws Exception {
        var service = new HttpStub(_ -> new HttpStub.StubResponse(0, ""));
        assertThat(exitCode(service.url(), "/readiness")).isEqualTo(1);
    }

    @Test
    void anUnreachablePortIsUnhealthy() throws Exception {
        assertThat(exitCode("http://127.0.0.1:1", "/readiness")).isEqualTo(1);
    }

    private int exitCode(String url, String path) throws IOException, InterruptedException {
        var address = URI.create(url);
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        probe.toString(),
                        HealthProbe.class.getName(),
                        address.getHost(),
                        String.valueOf(address.getPort()),
                        path)
                .inheritIO()
                .start()
                .waitFor();
    }
}
