package dev.orderflow.defaults.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.StandIn;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The probe as a container runs it: a process that has one class and the JDK.
class HealthyTest {

    private static final String CLASS = Healthy.class.getName().replace('.', '/') + ".class";

    @TempDir private Path probe;

    @BeforeEach
    void nothingButTheClass() throws IOException {
        var copy = probe.resolve(CLASS);
        Files.createDirectories(copy.getParent());
        try (InputStream compiled = Healthy.class.getResourceAsStream("Healthy.class")) {
            Files.copy(compiled, copy);
        }
    }

    @Test
    void aServiceThatAnswers200IsWell() throws Exception {
        var service = new StandIn(_ -> new StandIn.Answer(200, "{\"status\":\"UP\"}"));
        assertThat(exitCode(service.url(), "/readiness")).isZero();
        assertThat(service.heard(_ -> true))
                .extracting(StandIn.Heard::path)
                .containsExactly("/readiness");
    }

    @Test
    void oneThatIsNotReadyIsUnwell() throws Exception {
        var service = new StandIn(_ -> new StandIn.Answer(503, "{\"status\":\"DOWN\"}"));
        assertThat(exitCode(service.url(), "/readiness")).isEqualTo(1);
    }

    @Test
    void oneThatHangsUpIsUnwell() throws Exception {
        var service = new StandIn(_ -> new StandIn.Answer(0, ""));
        assertThat(exitCode(service.url(), "/readiness")).isEqualTo(1);
    }

    @Test
    void oneThatIsNotThereIsUnwell() throws Exception {
        assertThat(exitCode("http://127.0.0.1:1", "/readiness")).isEqualTo(1);
    }

    private int exitCode(String url, String path) throws IOException, InterruptedException {
        var address = URI.create(url);
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        probe.toString(),
                        Healthy.class.getName(),
                        address.getHost(),
                        String.valueOf(address.getPort()),
                        path)
                .inheritIO()
                .start()
                .waitFor();
    }
}
