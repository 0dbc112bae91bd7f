package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a process closes when it is terminated, tested in a separate process.
class ShutdownTest {

    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void aSignalClosesResourcesInReverseOrder(String signal) throws Exception {
        assumeThat(isIgnoredHere(signal))
                .as("whoever started the tests has them ignore SIG%s, as nohup does", signal)
                .isFalse();
        assertThat(outputAfter(signal, "first", "second", "third"))
                .containsExactly(
                        "",
                        "Stopping …",
                        "third is closed",
                        "second is closed",
                        "first is closed",
                        "Stopped.");
    }

    @Test
    void aFailedCloseDoesNotPreventTheOthers() throws Exception {
        assertThat(outputAfter("TERM", "first", "broken", "third"))
                .containsSubsequence(
                        "Stopping …", "third is closed", "first is closed", "Stopped.");
    }

    @Test
    void aClosedResourceIsNotClosedAgain() throws Exception {
        assertThat(outputAfter("TERM", "first", "forgotten"))
                .containsExactly("", "Stopping …", "first is closed", "Stopped.");
    }

    @Test
    void withoutOpenResourcesNothingIsPrinted() throws Exception {
        assertThat(outputAfter("TERM")).isEmpty();
    }

    @Test
    void nothingIsStartedDuringTheShutdown() throws Exception {
        assertThat(outputAfter("TERM", "starter"))
                .containsExactly(
                        "", "Stopping …", "refused: stopping", "under way: true", "Stopped.");
    }

    /// A process inherits ignored signals, and the JVM keeps them ignored; on Linux `/proc` shows
    /// which.
    private static boolean isIgnoredHere(String signal) throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        var ignored =
                Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                        .findFirst()
                        .orElse(0L);
        return (ignored >> NUMBERS.get(signal) - 1 & 1) == 1;
    }

    private static List<String> outputAfter(String signal, String... parts) throws Exception {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Dstdout.encoding=UTF-8",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ShutdownTestProcess.class.getName()));
        command.addAll(List.of(parts));
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("ready");
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            return out.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }

    /// Registers a resource for each argument, prints that, and waits for a signal.
    static final class ShutdownTestProcess {

        public static void main(String[] parts) throws InterruptedException, IOException {
            Shutdown.setOutput(System.out);
            for (var part : parts) {
                var registration = Shutdown.register(closing(part));
                if (part.equals("forgotten")) {
                    registration.close();
                }
            }
            System.out.println("ready");
            Thread.sleep(Duration.ofMinutes(10));
        }

        private static AutoCloseable closing(String part) {
            return () -> {
                switch (part) {
                    case "broken" -> throw new IOException("does not close");
                    case "starter" -> startAnother();
                    default -> System.out.println(part + " is closed");
                }
            };
        }

        private static void startAnother() {
            try {
                Shutdown.register(() -> System.out.println("never"));
            } catch (IllegalStateException failure) {
                System.out.println("refused: " + failure.getMessage());
            }
            System.out.println("under way: " + Shutdown.isInProgress());
        }
    }
}
