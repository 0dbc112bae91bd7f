package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.opentest4j.TestAbortedException;

/// Unmodified clients, as installed, each create, read, update, list and delete one resource of
/// each kind. If a client is absent its test is skipped with a message that says how to install it.
///
/// The other suites of this package use the Java SDK.
@Execution(ExecutionMode.CONCURRENT)
class UnmodifiedClientsTest {

    private static final List<String> KINDS =
            List.of(
                    "ok queue",
                    "ok topic",
                    "ok subscription",
                    "ok rule",
                    "ok workflow",
                    "ok alarm",
                    "ok object",
                    "ok mail");

    /// Generous: a client may start slowly on a busy machine, and a client that hangs must be
    /// stopped.
    private static final int LONGEST_MINUTES = 15;

    private static final Path SCRIPTS = scripts();

    @TempDir private Path work;

    /// Installed from the lock file beside the script.
    @Test
    void theSdkForJavaScriptWorksUnmodified() throws Exception {
        var npm = onPath("npm");
        if (npm == null || onPath("node") == null) {
            throw absent("the SDK for JavaScript", "node and npm are not on the PATH", "Node.js");
        }
        var installed = installedBy(npm);
        assertThat(
                        run(
                                        installed,
                                        Map.of("NODE_NO_WARNINGS", "1"),
                                        "node",
                                        "drive.mjs",
                                        CloudUnderTest.at().toString(),
                                        CloudUnderTest.unique("s"))
                                .lines())
                .containsExactlyElementsOf(KINDS);
    }

    /// Kept between runs in `target`, because the installation is slow.
    private static Path installedBy(String npm) throws Exception {
        var folder = Path.of("target", "clients", "javascript").toAbsolutePath();
        Files.createDirectories(folder);
        boolean same = true;
        for (var name : List.of("package.json", "package-lock.json", "drive.mjs")) {
            var from = SCRIPTS.resolve("javascript").resolve(name);
            var to = folder.resolve(name);
            same &= Files.exists(to) && Files.mismatch(from, to) < 0;
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!same || !Files.exists(folder.resolve("node_modules/.package-lock.json"))) {
            var install =
                    start(
                            folder,
                            Map.of(),
                            npm,
                            "ci",
                            "--ignore-scripts",
                            "--no-audit",
                            "--no-fund");
            if (install.status() != 0) {
                throw absent(
                        "the SDK for JavaScript",
                        "npm ci failed: " + lastLine(install.output()),
                        "the packages of " + folder.resolve("package-lock.json"));
            }
        }
        return folder;
    }

    @Test
    void boto3WorksUnmodified() throws Exception {
        var python = System.getProperty("clients.python", "python3");
        var probe = start(work, Map.of(), python, "-c", "import boto3");
        if (probe.status() != 0) {
            throw absent(
                    "boto3",
                    lastLine(probe.output()),
                    "python3 with boto3 (a package of pip and of the distributions), or name one"
                            + " with -Dclients.python=");
        }
        assertThat(
                        run(
                                        work,
                                        Map.of(),
                                        python,
                                        script("python/drive.py"),
                                        CloudUnderTest.at().toString(),
                                        CloudUnderTest.unique("s"))
                                .lines())
                .containsExactlyElementsOf(KINDS);
    }

    /// Every command starts a Python interpreter. Without `-Dclients.thorough=true` it therefore
    /// runs only the S3 transfers, which no other client has.
    @Test
    void theAwsCliWorksUnmodified() throws Exception {
        if (onPath("bash") == null || onPath("aws") == null) {
            throw absent("the AWS CLI", "bash or aws is not on the PATH", "the AWS CLI");
        }
        var probe = start(work, Map.of(), "aws", "--version");
        if (probe.status() != 0) {
            throw absent("the AWS CLI", lastLine(probe.output()), "the AWS CLI");
        }
        var command =
                new ArrayList<>(
                        List.of(
                                "bash",
                                script("cli/drive.sh"),
                                CloudUnderTest.at().toString(),
                                CloudUnderTest.unique("s"),
                                "object"));
        boolean thorough = Boolean.getBoolean("clients.thorough");
        if (thorough) {
            command.addAll(List.of("messages", "workflow", "alarm", "mail"));
        } else {
            System.out.println(
                    "SKIPPED: all kinds but objects by the AWS CLI. To run them too say"
                            + " -Dclients.thorough=true.");
        }
        assertThat(
                        run(
                                        work,
                                        Map.of(
                                                "AWS_ACCESS_KEY_ID", "test",
                                                "AWS_SECRET_ACCESS_KEY", "test",
                                                "AWS_REGION", "us-east-1",
                                                "AWS_DEFAULT_REGION", "us-east-1",
                                                "AWS_PAGER", ""),
                                        command.toArray(String[]::new))
                                .lines())
                .containsExactlyElementsOf(thorough ? KINDS : List.of("ok object"));
    }

    /// Applies, expects an empty plan, changes, expects an empty plan, destroys.
    @Test
    void terraformWorksUnmodified() throws Exception {
        var plugins = System.getProperty("clients.terraform.plugins", "");
        if (onPath("terraform") == null || plugins.isEmpty()) {
            throw absent(
                    "Terraform",
                    onPath("terraform") == null
                            ? "terraform is not on the PATH"
                            : "there is no folder of providers",
                    "terraform, fetch its AWS provider with `terraform providers mirror FOLDER` and"
                            + " name the folder with -Dclients.terraform.plugins=FOLDER");
        }
        Files.copy(SCRIPTS.resolve("terraform/main.tf"), work.resolve("main.tf"));
        var endpoint = "-var=endpoint=" + CloudUnderTest.at();
        terraform("init", "-plugin-dir=" + plugins);
        terraform("apply", "-auto-approve", endpoint);
        // With this option a non-empty plan exits with 2.
        terraform("plan", "-detailed-exitcode", endpoint);
        terraform("apply", "-auto-approve", endpoint, "-var=step=2");
        terraform("plan", "-detailed-exitcode", endpoint, "-var=step=2");
        terraform("destroy", "-auto-approve", endpoint, "-var=step=2");
    }

    private void terraform(String command, String... options) throws Exception {
        var line = new ArrayList<>(List.of("terraform", command, "-no-color"));
        line.addAll(List.of(options));
        run(work, Map.of("TF_IN_AUTOMATION", "1"), line.toArray(String[]::new));
    }

    private record ClientRun(int status, String output) {}

    private static String run(Path folder, Map<String, String> environment, String... command)
            throws Exception {
        var ended = start(folder, environment, command);
        assertThat(ended.status()).as("%s%n%s", String.join(" ", command), ended.output()).isZero();
        return ended.output();
    }

    private static ClientRun start(Path folder, Map<String, String> environment, String... command)
            throws Exception {
        var output = Files.createTempFile("client", ".log");
        try {
            var builder = new ProcessBuilder(command).directory(folder.toFile());
            builder.environment().putAll(environment);
            builder.redirectErrorStream(true).redirectOutput(output.toFile());
            Process process;
            try {
                process = builder.start();
            } catch (IOException failure) {
                return new ClientRun(-1, String.valueOf(failure.getMessage()));
            }
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                return new ClientRun(
                        -1,
                        "did not end in %d minutes%n%s"
                                .formatted(LONGEST_MINUTES, Files.readString(output)));
            }
            return new ClientRun(process.exitValue(), Files.readString(output));
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static TestAbortedException absent(String client, String why, String get) {
        var line = "SKIPPED: %s did not run: %s. To run it install %s.".formatted(client, why, get);
        System.out.println(line);
        abort(line);
        throw new IllegalStateException("abort throws");
    }

    private static String lastLine(String output) {
        return output.strip().lines().reduce((_, last) -> last).orElse("it said nothing");
    }

    private static @Nullable String onPath(String program) {
        boolean windows = FileSystems.getDefault().getSeparator().equals("\\");
        var path = System.getenv().getOrDefault("PATH", "");
        for (var folder : path.split(File.pathSeparator)) {
            for (var name :
                    windows ? List.of(program + ".exe", program + ".cmd") : List.of(program)) {
                var file = Path.of(folder).resolve(name);
                if (Files.isExecutable(file)) {
                    return file.toString();
                }
            }
        }
        return null;
    }

    private static String script(String name) {
        return SCRIPTS.resolve(name).toString();
    }

    private static Path scripts() {
        try {
            return Path.of(UnmodifiedClientsTest.class.getResource("/clients").toURI());
        } catch (URISyntaxException impossible) {
            throw new UncheckedIOException(new IOException(impossible));
        }
    }
}
