package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
                                                "test",
                                                "mvnw",
                                                ".mvn/find-jdk",
                                                ".mvn/jvm.config",
                                                ".mvn/maven.config",
                                                "Dockerfile",
                                                "docker-compose.yml",
                                                "deploy/compose-smoke",
                                                ".ci/run",
                                                ".ci/slowest-tests")
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

    /// Modules that are built at the same time create and delete files in `target`.
    private static List<Path> sources() throws IOException {
        var scripts = new ArrayList<Path>();
        Files.walkFileTree(
                ROOT,
                Set.of(),
                4,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        if (folder.endsWith("target") || folder.endsWith(".git")) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        if (folder.endsWith(Path.of("src", "main"))) {
                            scriptsIn(folder).forEach(scripts::add);
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return scripts;
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
