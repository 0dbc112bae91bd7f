package dev.orderflow.commandline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `./test` and `.ci/slowest-tests`, in a checkout whose Maven prints what it is called with.
class TestScriptsTest {

    private record ScriptResult(int exitCode, String output) {}

    @TempDir private Path checkout;

    @BeforeEach
    void createCheckout() throws IOException {
        for (var script : List.of("test", ".ci/slowest-tests", ".mvn/find-jdk")) {
            write(script, Files.readString(Path.of("..", script)));
        }
        write("mvnw", "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        write("pom.xml", "<project>\n  <artifactId>all</artifactId>\n</project>\n");
        module("shop", "shop", "dev/shop/ATest.java");
        module("libraries/two", "two", "dev/shop/two/ATest.java", "dev/shop/two/sub/BTest.java");
        module("libraries/deep/three", "three", "dev/three/one/ATest.java", "dev/three/BTest.java");
        write("empty/pom.xml", "<project>\n  <artifactId>empty</artifactId>\n</project>\n");
    }

    @ParameterizedTest
    @CsvSource({
        "shop,              dev/shop/**/*",
        "two,               dev/shop/two/**/*",
        "three,             dev/three/**/*",
        "two BTest,         dev/shop/two/**/BTest",
        "two BTest#a*,      dev/shop/two/**/BTest#a*"
    })
    void theTestsOfTheModuleRunAndNoOthers(String arguments, String selected) throws Exception {
        var result = run(arguments.split(" "));
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output().lines())
                .startsWith("-pl", ":" + arguments.split(" ")[0], "-am", "test")
                .contains("-Dtest=" + selected);
    }

    @Test
    void optionsGoToMaven() throws Exception {
        assertThat(run("shop", "-Dhostile.seed=7", "-o").output().lines())
                .contains("-Dtest=dev/shop/**/*")
                .endsWith("-Dhostile.seed=7", "-o");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unknown", "-x", "all", "empty", "sho.", "../shop"})
    void aModuleThatDoesNotExistOrHasNoTestsIsAUsageError(String module) throws Exception {
        var result = run(module);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.output().strip()).hasLineCount(1);
    }

    private void module(String folder, String artifact, String... tests) throws IOException {
        write(
                folder + "/pom.xml",
                """
                <project>
                  <parent>
                    <artifactId>all</artifactId>
                  </parent>
                  <artifactId>%s</artifactId>
                </project>
                """
                        .formatted(artifact));
        for (var test : tests) {
            write(folder + "/src/test/java/" + test, "");
        }
    }

    private void write(String file, String text) throws IOException {
        var path = checkout.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void theSlowestClassesOfAllModulesAreListed() throws Exception {
        report("shop", "dev.shop.ATest", "1,234.5", 3);
        report("libraries/two", "dev.shop.two.ATest", "0.9", 4);
        report("libraries/deep/three", "dev.three.BTest", "12", 5);
        assertThat(execute(".ci/slowest-tests", "2").output().lines())
                .containsExactly(
                        "| seconds | tests | module | class |",
                        "|---:|---:|---|---|",
                        "| 1234 | 3 | `shop` | `ATest` |",
                        "| 12 | 5 | `libraries/deep/three` | `BTest` |",
                        "",
                        "12 tests in 3 classes, 1247 s");
    }

    private void report(String module, String test, String seconds, int tests) throws IOException {
        write(
                module + "/target/surefire-reports/TEST-" + test + ".xml",
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite version="3.0.2" name="%s" time="%s" tests="%d" errors="0">
                </testsuite>
                """
                        .formatted(test, seconds, tests));
    }

    private ScriptResult run(String... arguments) throws Exception {
        return execute("test", arguments);
    }

    private ScriptResult execute(String script, String... arguments) throws Exception {
        var command = Stream.concat(Stream.of("bash", script), Stream.of(arguments)).toList();
        var process =
                new ProcessBuilder(command)
                        .directory(checkout.toFile())
                        .redirectErrorStream(true)
                        .start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new ScriptResult(process.waitFor(), output);
    }
}
