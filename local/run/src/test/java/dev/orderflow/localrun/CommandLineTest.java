package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.commandline.Orderflow;
import dev.orderflow.commandline.SystemCommand;
import dev.orderflow.commandline.operations.RunRegistration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CommandLineTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "run --port kitchen=8080        | there is no component 'kitchen'",
                "run --port order-service=0     | a port is 1 to 65535",
                "run --port order-service=70000 | a port is 1 to 65535",
                "run --port order-service=x     | a port is 1 to 65535",
                "run --clock-factor 0.5         | must be 1 to 3600",
                "run --clock-factor NaN         | is not a number",
                "run --clock-factor 0x1p3       | '0x1p3' is not a number, such as 2.5",
                "run --approval-limits 1000     | CURRENCY=AMOUNT",
                "run --approval-limits EUR=1e99 | CURRENCY=AMOUNT",
                "run --approval-limits EUR=-1   | CURRENCY=AMOUNT",
                "run --approval-limits EUX=1    | ISO 4217",
                "run --approval-limits EUR=1,EUR=2 | given twice",
                "demo --data x                  | --data",
                "run --data ''                  | '' is not a file or folder name",
                "run --free-ports --data /dev/null/x | data cannot be kept in /dev/null/x",
                "dlq show ''                    | it is empty",
                "dlq show .                     | '.' is not a name",
                "stock ledger ..                | '..' is not a name",
                "dlq redrive '' --all           | it is empty",
                "notifications list --state ''  | it is empty",
                "help foo                       | Unknown subcommand 'foo'. (see ./orderflow --help)",
                "help dlq foo                   | Unknown subcommand 'foo'. (see ./orderflow dlq --help)",
                "help dlq show foo              | Unknown subcommand 'foo'. (see ./orderflow dlq show --help)",
                "help run foo                   | Unknown subcommand 'foo'. (see ./orderflow run --help)",
                "issuer                         | starts under the profile 'local' only",
                "check --run 5000000            | no running system of yours has process id 5000000",
                "check --api-url http://a       | only --api-url is given: give --issuer-url, --analytics-url, --operations-url too",
                "check --timeout 0              | --timeout must be at least 1",
                "cloud                          | --inventory-url"
            })
    void aUsageErrorIsReportedInOneLineWithExitCodeTwo(String arguments, String why) {
        var words =
                Stream.of(arguments.strip().split(" +"))
                        .map(word -> word.equals("''") ? "" : word)
                        .toArray(String[]::new);
        assertThat(execute(words)).isEqualTo(2);
        assertThat(err.toString().strip())
                .startsWith("orderflow: ")
                .contains(why.strip())
                .hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    /// The variables are those of operators' commands, too, so one may be set for them alone.
    @Test
    void aCheckNamesTheVariableOfTheOnlyUrl() throws Exception {
        var builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Orderflow.class.getName(),
                                "check")
                        .redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(
                        name -> name.startsWith("ORDERFLOW_") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().put("ORDERFLOW_OPERATIONS_URL", "http://127.0.0.1:1");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(output)
                .startsWith(
                        "orderflow: only ORDERFLOW_OPERATIONS_URL is given: give --api-url,"
                                + " --issuer-url, --analytics-url too, or no URL")
                .hasLineCount(1);
    }

    @Test
    void aPortInUseIsReportedBeforeAnythingStarts() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = taken.getLocalPort();
            assertThat(execute("run", "--free-ports", "--port", "payment-service=" + port))
                    .isEqualTo(2);
            assertThat(err.toString())
                    .contains("port " + port + " for payment-service is in use")
                    .hasLineCount(1);
        }
    }

    @Test
    void aStartThatIsRefusedPrintsOnlyItsReason() throws IOException {
        var console = System.out;
        var printed = new ByteArrayOutputStream();
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            var port = "payment-service=" + taken.getLocalPort();
            assertThat(execute("run", "--free-ports", "--port", port)).isEqualTo(2);
            assertThat(execute("run", "--free-ports", "--data", "/dev/null/x")).isEqualTo(2);
        } finally {
            System.setOut(console);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString()).hasLineCount(2);
    }

    @Test
    void helpOfASubcommandIsThatOfItsOption() {
        assertThat(execute("dlq", "show", "--help")).isZero();
        var expected = out.toString();
        assertThat(execute("help", "dlq", "show")).isZero();
        assertThat(out.toString()).isEqualTo(expected + expected);
    }

    @Test
    void aFileIsRejectedAsDataFolder(@TempDir Path folder) throws IOException {
        var file = Files.createFile(folder.resolve("file"));
        assertThat(execute("run", "--data", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("is not a folder").hasLineCount(1);
    }

    @Test
    void everyListedCommandOfThisModuleIsImplemented() {
        assertThat(new LocalRunCommands().commands().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(SystemCommand.values())
                                .filter(command -> command.module().equals("local/run"))
                                .toList());
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CRASH_TEST", "COST"})
    void everyCommandHasItsListedName(SystemCommand command) {
        assertThat(execute(command.label(), "--help")).isZero();
        assertThat(out.toString())
                .contains("Usage: orderflow " + command.label(), command.summary().split(" ")[0]);
    }

    @Test
    void theOperatorsCommandsUseTheDefaultPortOfTheConsole() {
        assertThat(RunRegistration.STANDARD_CONSOLE_PORT)
                .isEqualTo(Component.OPERATIONS_CONSOLE.standardPort());
    }

    private int execute(String... arguments) {
        return Orderflow.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
