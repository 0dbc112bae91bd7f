package dev.orderflow.systemtests;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.RecordedRequest;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.contracts.fixture.Repetition;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A shell in the root of the project for the commands in documents: `./orderflow` runs in this
/// JVM, `curl` fails on every status from 400, `aws` is that of [AwsCli]. Commands that build or
/// start containers do nothing.
final class Shell implements AutoCloseable {

    /// Commands whose exit code 1 reports a finding and not a failure.
    private static final Set<String> WITH_FINDINGS = Set.of("audit", "customers");

    private static final Pattern FAILURE = Pattern.compile("(?m)^orderflow: ");

    /// The exit code of `./orderflow` and `curl` here when a service answered 503: `EX_TEMPFAIL`.
    private static final int UNAVAILABLE = 75;

    private final RunningSystem system;
    private final Path folder;
    private final HttpStub orderflow = new HttpStub(this::respond);
    private final AwsCli awsCli = new AwsCli(find("aws").map(Path::of));
    private final AutoCloseable registration;

    /// Several systems may run in this JVM, so each shell selects its own by the id of a process
    /// that ends with the shell.
    private final Process process;

    /// The result of a script.
    ///
    /// @param output the text of both streams
    /// @param failed the failed HTTP and AWS calls, also those in pipes and substitutions
    record Result(int exitCode, String output, List<String> failed) {

        boolean isFine() {
            return exitCode == 0 && failed.isEmpty();
        }

        /// Whether it failed because a service answered 503.
        boolean isUnavailable() {
            return exitCode == UNAVAILABLE;
        }
    }

    Shell(RunningSystem system) {
        this.system = system;
        try {
            folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "shell");
            process = new ProcessBuilder("cat").start();
            registration = system.register(process.toHandle());
            signIn();
            install();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void install() throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(folder.resolve("deploy/stages"));
        Files.writeString(folder.resolve("deploy/stages/live.json"), "{\"imageTag\": \"1\"}");
        executable(
                "orderflow",
                """
                answer=$(mktemp "$SHELL_FOLDER/answer.XXXXXX")
                printf '%s\\0' "$@" | "$REAL_CURL" -s -o "$answer" --data-binary @- "$ORDERFLOW_STUB"
                tail -n +2 "$answer"
                exit "$(head -n 1 "$answer")"
                """);
        executable(
                "bin/curl",
                """
                error=$(mktemp "$SHELL_FOLDER/error.XXXXXX")
                "$REAL_CURL" --fail-with-body --show-error "$@" 2> "$error"; code=$?
                cat "$error" >&2
                [ $code = 0 ] || echo "curl $*" >> "$SHELL_FOLDER/failed"
                ! grep -q 'returned error: 503' "$error" || code=%d
                exit $code
                """
                        .formatted(UNAVAILABLE));
        executable("bin/aws", awsCli.script());
        executable(
                "bin/npx",
                """
                case "npx $1 $2" in
                %s) exit 0 ;;
                *) echo "npx $*" >> "$SHELL_FOLDER/failed"; exit 1 ;;
                esac
                """
                        .formatted(OnlyOnAws.pattern()));
        // Commands that build, deploy or start containers have their own tests.
        for (var name : List.of("bin/unzip", "mvnw")) {
            executable(name, "exit 0\n");
        }
        executable("bin/jq", "cat > /dev/null\n");
        // The log of the containers is that of this system.
        executable(
                "bin/docker",
                """
                if [ "$1 $2" = "compose logs" ]; then cat "$SYSTEM_LOG"; fi
                """);
        executable("deploy/compose-smoke", "exit 0\n");
    }

    private void executable(String name, String script) throws IOException {
        var file = folder.resolve(name);
        Files.writeString(file, "#!/usr/bin/env bash\n" + script);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make executable: " + file);
        }
    }

    /// Runs a script until its first command that fails, and repeats it while that fails with 503.
    Result run(String script) {
        return Repetition.untilAvailable(() -> attempt(script), Result::isUnavailable);
    }

    /// Runs a script once, at most as long as tests wait for a condition.
    Result attempt(String script) {
        try {
            Files.deleteIfExists(folder.resolve("failed"));
            var process =
                    new ProcessBuilder(
                                    "bash",
                                    "-e",
                                    "-o",
                                    "pipefail",
                                    "-c",
                                    system.withItsPorts(script))
                            .directory(folder.toFile())
                            .redirectErrorStream(true);
            var environment = process.environment();
            environment.keySet().removeIf(name -> name.startsWith("AWS_"));
            environment.putAll(
                    Map.of(
                            "AWS_DEFAULT_REGION",
                            "us-east-1",
                            "AWS_ACCESS_KEY_ID",
                            "any",
                            "AWS_SECRET_ACCESS_KEY",
                            "any",
                            "PATH",
                            folder.resolve("bin") + ":" + System.getenv("PATH"),
                            "SHELL_FOLDER",
                            folder.toString(),
                            "SYSTEM_LOG",
                            RunningSystem.logFile().toString(),
                            "REAL_CURL",
                            find("curl").orElseThrow(),
                            "ORDERFLOW_STUB",
                            orderflow.url()));
            environment.putAll(awsCli.environment());
            var running = process.start();
            running.onExit()
                    .orTimeout(RunningSystem.TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .exceptionally(_ -> running.destroyForcibly());
            running.getOutputStream().close();
            var output =
                    new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = running.waitFor();
            return new Result(exitCode, output, lines("failed"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /// Without the AWS CLI, `aws` does nothing.
    static boolean isAwsCliInstalled() {
        return find("aws").isPresent();
    }

    private List<String> lines(String name) throws IOException {
        var file = folder.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static Optional<String> find(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(each -> Path.of(each, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /// Runs an operators' command: the request has its arguments, the response its exit code and
    /// output.
    private StubResponse respond(RecordedRequest request) {
        var arguments = request.body().substring(0, request.body().length() - 1);
        return new StubResponse(200, execute(List.of(arguments.split("\0", -1))));
    }

    /// Commands need a session; that of the administrator may do everything.
    private void signIn() {
        var output = execute(List.of("login", "--as", "adam"));
        if (!output.startsWith("0\n")) {
            throw new IllegalStateException(output);
        }
    }

    private String execute(List<String> arguments) {
        var output = new StringWriter();
        var writer = new PrintWriter(output);
        int exitCode =
                system.operatorCommands()
                        .setOut(writer)
                        .setErr(writer)
                        .execute(
                                Stream.concat(
                                                arguments.stream(),
                                                Stream.of("--run", Long.toString(process.pid())))
                                        .toArray(String[]::new));
        writer.flush();
        return effective(exitCode, arguments.getFirst(), output.toString()) + "\n" + output;
    }

    /// A command that was answered with 503 ends with 1, as one that has not done all, but states a
    /// failure.
    private static int effective(int exitCode, String command, String output) {
        if (exitCode != 1) {
            return exitCode;
        }
        if (FAILURE.matcher(output).find()) {
            return UNAVAILABLE;
        }
        return WITH_FINDINGS.contains(command) ? 0 : exitCode;
    }

    /// Prints the commands that were not run because the AWS CLI is missing or too old.
    private void sayWhatWasNotRun() {
        try {
            lines("not-run").forEach(command -> System.out.println("NOT RUN " + command));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {
        sayWhatWasNotRun();
        orderflow.close();
        awsCli.close();
        execute(List.of("logout"));
        try {
            registration.close();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        } finally {
            process.destroy();
        }
    }
}
