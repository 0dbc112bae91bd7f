package dev.orderflow.commandline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs `./orderflow` in a checkout with stand-ins for Maven and Java. The path contains only tools
/// that accept exactly the options of those of macOS.
class LauncherTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    /// Every tool that the script may call, and its options that the BSD tool also has.
    private static final Map<String, String> TOOLS =
            Map.ofEntries(
                    Map.entry("dirname", ""),
                    Map.entry("find", "-newer -type"),
                    Map.entry("head", "-n"),
                    Map.entry("ln", "-s"),
                    Map.entry("mkdir", "-p"),
                    Map.entry("readlink", ""),
                    Map.entry("rm", "-f"),
                    Map.entry("sed", "-n"),
                    Map.entry("sleep", ""),
                    Map.entry("tee", ""),
                    Map.entry("touch", ""));

    /// Features of Bash 4 and later; macOS has 3.2.
    private static final List<String> NEWER_THAN_BASH_3 =
            List.of(
                    "\\b(mapfile|readarray|coproc)\\b",
                    "\\b(declare|local|typeset) -[a-zA-Z]*[Ang]",
                    "\\$\\{[^}]*(,,|\\^\\^|@[QEPAaUuLK])[^}]*}",
                    "\\$\\{[a-z_]+\\[-1]}",
                    "&>>|\\|&|;;?&",
                    "\\bwait -[np]\\b",
                    "\\[\\[ -v\\b",
                    "printf ['\"]?%\\(",
                    "\\bEPOCH(SECONDS|REALTIME)\\b|\\bBASHPID\\b");

    @TempDir private Path folder;
    private Path checkout = Path.of("");

    @BeforeEach
    void makeCheckout() throws IOException {
        checkout = folder.resolve("a checkout");
        Files.createDirectories(checkout.resolve(".mvn"));
        for (var script : List.of("orderflow", ".mvn/find-jdk")) {
            Files.copy(Path.of("..", script), checkout.resolve(script));
            executable(checkout.resolve(script));
        }
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        for (var module :
                List.of("topology", "libraries/outbox/core", "local/run", "command-line")) {
            Files.createDirectories(checkout.resolve(module + "/src/main"));
            Files.writeString(checkout.resolve(module + "/pom.xml"), "<project/>");
            Files.writeString(checkout.resolve(module + "/src/main/A.java"), "class A {}");
        }
        Files.writeString(folder.resolve("library.jar"), "");
        maven(
                """
                mkdir -p libraries/outbox/core/target topology/target local/run/target command-line/target
                : > libraries/outbox/core/target/outbox-core-1.0.0-SNAPSHOT.jar
                : > topology/target/topology-1.0.0-SNAPSHOT.jar
                : > command-line/target/command-line-1.0.0-SNAPSHOT.jar
                printf '%s' "$LIBRARY" > command-line/target/class-path
                case "$*" in *' command-line '*) exit 0 ;; esac
                : > local/run/target/local-run-1.0.0-SNAPSHOT.jar
                printf '%s:%s:%s' "$PWD/libraries/outbox/core/target/outbox-core-1.0.0-SNAPSHOT.jar" \
                  "$PWD/topology/target/topology-1.0.0-SNAPSHOT.jar" \
                  "$LIBRARY" > local/run/target/class-path
                """);
        script(folder.resolve("jdk/bin/javac"), "");
        script(
                folder.resolve("jdk/bin/java"),
                """
                if [ "$1" = -version ]; then echo 'openjdk version "25.0.1"' >&2; exit; fi
                echo "java $*"
                """);
        machine("Darwin", "arm64");
        for (var tool : TOOLS.entrySet()) {
            script(
                    folder.resolve("bin").resolve(tool.getKey()),
                    """
                    for argument in "$@"; do
                      case "$argument" in
                        -[0-9]*) ;;
                        -*) case " %s " in *" $argument "*) ;; *) echo "%s: no option $argument" >&2; exit 64 ;; esac ;;
                      esac
                    done
                    exec %s "$@"
                    """
                            .formatted(tool.getValue(), tool.getKey(), real(tool.getKey())));
        }
        script(folder.resolve("bin/bash"), "exec %s \"$@\"\n".formatted(real("bash")));
    }

    @Test
    void onlyTheFirstCallBuilds() throws Exception {
        var first = run("demo", "--free-ports");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.err()).contains("building", "[1/2] Contracts");
        assertThat(first.out().strip())
                .startsWith("java ")
                .endsWith(
                        "-cp %1$s/local/run/target/local-run-1.0.0-SNAPSHOT.jar:%1$s/libraries/outbox/core/target/outbox-core-1.0.0-SNAPSHOT.jar:%1$s/topology/target/topology-1.0.0-SNAPSHOT.jar:%2$s dev.orderflow.commandline.Orderflow demo --free-ports"
                                .formatted(real(checkout), folder.resolve("library.jar")));

        assertThat(run("demo").err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void theJvmHasTheOptionsOfTheTestsThatRunTheWholeSystem() throws Exception {
        var options = ".mvn/memory.options";
        assertThat(run("demo").out()).contains(" @" + real(checkout) + "/" + options + " ");
        assertThat(Files.readString(Path.of("../pom.xml")))
                .contains("@${maven.multiModuleProjectDirectory}/" + options);
        var names =
                Pattern.compile("-X\\S*?(?==)")
                        .matcher(Files.readString(Path.of("..", options)))
                        .results()
                        .map(MatchResult::group)
                        .toList();
        assertThat(names).isNotEmpty();
        for (var file : List.of("pom.xml", "orderflow")) {
            assertThat(Files.readString(Path.of("..", file))).doesNotContain(names);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "libraries/outbox/core/pom.xml", "topology/src/main/A.java"})
    void aChangedSourceCausesABuild(String file) throws Exception {
        run("demo");
        Files.setLastModifiedTime(
                checkout.resolve(file), FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run("demo").exitCode()).isZero();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aCheckoutThatWasCopiedRunsItsOwnClasses() throws Exception {
        run("demo");
        var before = real(checkout);
        var copy = folder.resolve("another checkout");
        Files.move(checkout, copy);
        checkout = copy;

        var moved = run("demo");
        assertThat(moved.err()).isEmpty();
        assertThat(moved.out())
                .contains(
                        real(copy) + "/libraries/outbox/core/target/outbox-core-1.0.0-SNAPSHOT.jar")
                .doesNotContain(before + "/");
        assertThat(builds()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "libraries/outbox/core/target/outbox-core-1.0.0-SNAPSHOT.jar",
                "local/run/target/local-run-1.0.0-SNAPSHOT.jar",
                "../library.jar"
            })
    void aMissingBuildOutputCausesABuild(String file) throws Exception {
        run("demo");
        Files.delete(checkout.resolve(file));
        run("demo");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aFailedBuildPrintsItsError() throws Exception {
        maven(
                """
                echo '[ERROR] COMPILATION ERROR : '
                echo '[ERROR] /a/B.java:[3,5] cannot find symbol'
                exit 1
                """);
        var result = run("demo");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains(
                        "[ERROR] /a/B.java:[3,5] cannot find symbol",
                        "the build failed; its complete output is in local/run/target/build.log");
        assertThat(checkout.resolve("local/run/target/build.log"))
                .content()
                .contains("COMPILATION ERROR");
        assertThat(checkout.resolve("target/orderflow-build.lock")).doesNotExist();
    }

    @Test
    void concurrentCallsBuildOnce() throws Exception {
        var built = checkout.resolve("local/run/target/class-path");
        maven(
                Files.readString(checkout.resolve("mvnw"))
                        + "until [ -e \"$PWD/go\" ]; do sleep 0.1; done\n");
        var first = start("demo");
        await().atMost(LONG).until(() -> Files.exists(built));
        // The state before the first build, so that the second call finds nothing built.
        var kept = Files.readString(built);
        Files.delete(built);
        var second = start("demo");
        await().atMost(LONG)
                .until(
                        () ->
                                Files.readString(second.err())
                                        .contains("waiting for process " + first.process().pid()));
        Files.writeString(built, kept);
        Files.writeString(checkout.resolve("go"), "");
        assertThat(first.result().exitCode()).isZero();
        assertThat(second.result().exitCode()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void theBuildLockOfADeadProcessIsReplaced() throws Exception {
        Files.createDirectories(checkout.resolve("target"));
        Files.createSymbolicLink(
                checkout.resolve("target/orderflow-build.lock"), Path.of("999999999"));
        assertThat(run("demo").exitCode()).isZero();
        assertThat(checkout.resolve("target/orderflow-build.lock")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FreeBSD amd64",
                "MINGW64_NT-10.0-22631 x86_64",
                "Linux riscv64",
                "Linux i686",
                "SunOS sun4v"
            })
    void anUnsupportedPlatformIsReportedInOneLine(String machine) throws Exception {
        machine(machine.split(" ")[0], machine.split(" ")[1]);
        var result = run("demo");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo(
                        "orderflow: there is no Postgres for %s: Orderflow runs on Linux and macOS, on amd64 and arm64.\n"
                                .formatted(machine.replace(" ", " on ")));
        assertThat(builds()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Linux x86_64", "Linux aarch64", "Darwin x86_64", "Darwin arm64"})
    void everyPlatformWithAPostgresBuildIsSupported(String machine) throws Exception {
        machine(machine.split(" ")[0], machine.split(" ")[1]);
        assertThat(run("demo").exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orderflow",
                "test",
                ".ci/run",
                ".ci/slowest-tests",
                ".mvn/find-jdk",
                "local/postgres/src/main/resources/dev/orderflow/localpostgres/supervise.sh"
            })
    void scriptsUseOnlyFeaturesOfBash3(String script) throws IOException {
        var text = Files.readString(Path.of("..", script));
        for (var construct : NEWER_THAN_BASH_3) {
            assertThat(Pattern.compile(construct).matcher(text).results().map(it -> it.group()))
                    .as(script)
                    .isEmpty();
        }
    }

    @Test
    void theOperatorsCommandsAreBuiltAndRunWithoutTheServices() throws Exception {
        var result = run("dlq", "list");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(Files.readString(folder.resolve("builds")))
                .isEqualTo("mvnw -B -pl command-line -am package -DskipTests\n");
        assertThat(result.out().strip())
                .endsWith(
                        "-cp %s/command-line/target/command-line-1.0.0-SNAPSHOT.jar:%s dev.orderflow.commandline.Orderflow dlq list"
                                .formatted(real(checkout), folder.resolve("library.jar")));
    }

    @Test
    void aChangeOfAServiceDoesNotRebuildTheOperatorsCommands() throws Exception {
        run("dlq", "list");
        Files.setLastModifiedTime(
                checkout.resolve("topology/src/main/A.java"),
                FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run("dlq", "list").exitCode()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "demo"})
    void aSystemStartsWithoutTheArchiveOfACommandThatStartedNone(String command) throws Exception {
        run("check");
        var archive = checkout.resolve("local/run/target/orderflow.jsa");
        Files.createFile(archive);
        run("check");
        assertThat(archive).exists();
        run(command);
        assertThat(archive).doesNotExist();
    }

    /// Otherwise the next archive would count as complete even if its system did not start.
    @Test
    void anArchiveThatIsMissingIsNotMarkedAsComplete() throws Exception {
        run("demo");
        var mark = checkout.resolve("local/run/target/orderflow.jsa.complete");
        Files.createFile(mark);
        run("demo");
        assertThat(mark).doesNotExist();
    }

    @Test
    void aSystemStartsWithTheArchiveOfAnotherSystemUntilTheNextBuild() throws Exception {
        run("demo");
        var archive = checkout.resolve("local/run/target/orderflow.jsa");
        Files.createFile(archive);
        Files.createFile(archive.resolveSibling("orderflow.jsa.complete"));
        run("run");
        assertThat(archive).exists();
        Files.setLastModifiedTime(
                checkout.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
        run("run");
        assertThat(archive).doesNotExist();
        assertThat(archive.resolveSibling("orderflow.jsa.complete")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void theLauncherRunsEachCommandInTheModuleThatImplementsIt(SystemCommand command)
            throws IOException {
        assertThat(tableLine(command.label()).group(2)).isEqualTo(command.module());
    }

    @ParameterizedTest
    @EnumSource
    void theLauncherNamesTheArtifactOfEachModule(SystemCommand command) throws IOException {
        var line = tableLine(command.label());
        assertThat(Files.readString(Path.of("..", line.group(2), "pom.xml")))
                .containsPattern(
                        "</parent>\\s+<artifactId>%s</artifactId>"
                                .formatted(Pattern.quote(line.group(3))));
    }

    /// The line of the script's table that names a command: commands, module and artifact.
    private static MatchResult tableLine(String command) throws IOException {
        return Pattern.compile(
                        "^ +([a-z| -]+)\\) module=(\\S+) artifact=(\\S+) ;;$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("..", "orderflow")))
                .results()
                .filter(line -> List.of(line.group(1).split(" \\| ")).contains(command))
                .findFirst()
                .orElseThrow();
    }

    private void maven(String commands) throws IOException {
        script(
                checkout.resolve("mvnw"),
                commands.startsWith("#!")
                        ? commands.substring(commands.indexOf('\n') + 1)
                        : """
                        echo "mvnw $*" >> "$BUILDS"
                        echo '[INFO] Building Contracts 1.0.0-SNAPSHOT      [1/2]'
                        """
                                + commands);
    }

    private void machine(String system, String processor) throws IOException {
        script(
                folder.resolve("bin/uname"),
                """
                case "$1" in -s) echo '%s' ;; -m) echo '%s' ;; *) exit 64 ;; esac
                """
                        .formatted(system, processor));
    }

    private long builds() throws IOException {
        var file = folder.resolve("builds");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    private record LauncherResult(int exitCode, String out, String err) {}

    private record LauncherProcess(Process process, Path out, Path err) {

        LauncherResult result() throws Exception {
            int exitCode = process.waitFor();
            return new LauncherResult(exitCode, Files.readString(out), Files.readString(err));
        }
    }

    private LauncherResult run(String... arguments) throws Exception {
        return start(arguments).result();
    }

    private LauncherProcess start(String... arguments) throws IOException {
        var out = Files.createTempFile(folder, "out", "");
        var err = Files.createTempFile(folder, "err", "");
        var command =
                Stream.concat(
                                Stream.of(
                                        real("bash").toString(),
                                        checkout.resolve("orderflow").toString()),
                                Stream.of(arguments))
                        .toList();
        var process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        process.environment().clear();
        process.environment()
                .putAll(
                        Map.of(
                                "PATH", folder.resolve("bin").toString(),
                                "HOME", folder.toString(),
                                "ORDERFLOW_JAVA_HOME", folder.resolve("jdk").toString(),
                                "LIBRARY", folder.resolve("library.jar").toString(),
                                "BUILDS", folder.resolve("builds").toString()));
        return new LauncherProcess(process.start(), out, err);
    }

    private static Path real(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(each -> Path.of(each, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private static String real(Path path) {
        try {
            return path.toRealPath().toString();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void script(Path file, String commands) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + commands);
        executable(file);
    }

    private static void executable(Path file) {
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
