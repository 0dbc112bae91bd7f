package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Scripts, SQL and build files are checked out with line feeds on every machine.
class LineEndingsTest {

    private static final Path ROOT = Path.of("..", "..");

    @Test
    void gitChecksOutAllTextFilesWithLineFeedsExceptWindowsScripts() throws IOException {
        var rules =
                Files.readAllLines(ROOT.resolve(".gitattributes")).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .toList();
        assertThat(rules).containsExactly("* text=auto eol=lf", "*.cmd text eol=crlf");
    }

    @Test
    void scriptsSqlAndDockerfilesHaveLineFeedsOnly() throws IOException {
        var files =
                Stream.concat(
                                Stream.of(
                                                "orderflow",
                                                "mvnw",
                                                ".mvn/find-jdk",
                                                ".mvn/jvm.config",
                                                ".mvn/maven.config",
                                                "Dockerfile",
                                                "docker-compose.yml",
                                                "deploy/compose-smoke",
                                                ".ci/run")
                                        .map(ROOT::resolve),
                                sources().stream())
                        .toList();
        assertThat(files).hasSizeGreaterThan(16);
        for (var file : files) {
            assertThat(Files.readString(file, StandardCharsets.UTF_8))
                    .as(file.toString())
                    .doesNotContain("\r");
        }
    }

    private static List<Path> sources() throws IOException {
        try (var modules = Files.walk(ROOT, 3)) {
            var folders = modules.map(it -> it.resolve("src/main")).filter(Files::isDirectory);
            return folders.flatMap(LineEndingsTest::scriptsIn).toList();
        }
    }

    private static Stream<Path> scriptsIn(Path folder) {
        try (var files = Files.walk(folder)) {
            return files
                    .filter(it -> it.toString().endsWith(".sql") || it.toString().endsWith(".sh"))
                    .toList()
                    .stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
