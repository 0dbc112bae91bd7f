package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The result of a command with each version of the AWS CLI, and without it.
class AwsCliTest {

    private static final String TAIL = "logs tail /orderflow/order-service --since 30m";

    @TempDir private Path folder;

    @Test
    void withoutTheCliACommandIsListedWithTheReason() throws Exception {
        try (var cli = new AwsCli(Optional.empty())) {
            assertThat(cli.isInstalled()).isFalse();
            assertThat(run(cli, "sqs list-queues")).isZero();
            assertThat(run(cli, TAIL)).isZero();
        }
        assertThat(lines("not-run"))
                .containsExactly(
                        "without the AWS CLI: aws sqs list-queues",
                        "without the AWS CLI: aws " + TAIL);
        assertThat(lines("failed")).isEmpty();
    }

    @Test
    void versionOneRunsAllCommandsButTheOneItDoesNotHave() throws Exception {
        try (var cli = new AwsCli(Optional.of(program("aws-cli/1.45.11 Python/3.11.7", 0)))) {
            assertThat(run(cli, "sqs list-queues")).isZero();
            assertThat(run(cli, "ecs list-tasks --cluster c")).isZero();
            assertThat(run(cli, TAIL)).isZero();
        }
        assertThat(lines("not-run"))
                .containsExactly("without version 2 of the AWS CLI: aws " + TAIL);
        assertThat(lines("calls"))
                .containsExactly(
                        "sqs list-queues",
                        "ecs list-tasks --cluster c --generate-cli-skeleton input");
    }

    @Test
    void versionTwoRunsEveryCommandAndAFailureIsListed() throws Exception {
        try (var cli = new AwsCli(Optional.of(program("aws-cli/2.27.1 Python/3.13.2", 0)))) {
            assertThat(run(cli, TAIL)).isZero();
            assertThat(lines("calls"))
                    .containsExactly(
                            TAIL + " --endpoint-url " + cli.environment().get("EMPTY_LOGS"));
        }
        assertThat(lines("not-run")).isEmpty();
        assertThat(lines("failed")).isEmpty();

        try (var cli = new AwsCli(Optional.of(program("aws-cli/2.27.1 Python/3.13.2", 252)))) {
            assertThat(run(cli, TAIL)).isEqualTo(252);
        }
        assertThat(lines("failed")).containsExactly("aws " + TAIL);
    }

    /// A program that prints its version, and records all other calls.
    private Path program(String version, int exitCode) throws IOException {
        return executable(
                "real-aws",
                """
                if [ "$*" = --version ]; then echo '%s'; exit 0; fi
                echo "$*" >> '%s'
                exit %d
                """
                        .formatted(version, folder.resolve("calls"), exitCode));
    }

    private int run(AwsCli cli, String arguments) throws Exception {
        var script = executable("aws", cli.script());
        var process = new ProcessBuilder("bash", "-c", script + " " + arguments).inheritIO();
        process.environment().putAll(cli.environment());
        process.environment().put("SHELL_FOLDER", folder.toString());
        return process.start().waitFor();
    }

    private Path executable(String name, String script) throws IOException {
        var file = folder.resolve(name);
        Files.writeString(file, "#!/usr/bin/env bash\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private List<String> lines(String name) throws IOException {
        var file = folder.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
