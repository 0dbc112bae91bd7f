package dev.orderflow.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OrderflowTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "dance                          | dance",
                "dlq                            | a subcommand is required: list, show, search, redrive, discard",
                "orders show 1-1-1-1-1          | '1-1-1-1-1' is not an id, such as",
                "token --customer a --url x:80  | 'x:80' is not a URL, such as http://127.0.0.1:8086",
                "token                          | --customer",
                "token --customer a --operator b| mutually exclusive"
            })
    void aUsageErrorIsReportedInOneLineWithExitCodeTwo(String arguments, String message) {
        assertThat(execute(arguments.strip().split(" +"))).isEqualTo(2);
        assertThat(err.toString().strip())
                .startsWith("orderflow: ")
                .contains(message.strip())
                .hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void helpListsTheCommandsOfOtherModules(SystemCommand command) {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString()).containsPattern("(?m)^  " + command.label() + "  +[A-Z]");
    }

    @Test
    void helpListsTheOperatorsCommands() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString())
                .contains("  token ", "  dlq ", "  customers ", "./orderflow demo");
    }

    @ParameterizedTest
    @EnumSource
    void aCommandWithoutItsModulePrintsHowToRunIt(SystemCommand command) {
        assertThat(execute(command.label(), "--seed", "7")).isEqualTo(2);
        assertThat(err.toString())
                .contains("is not part of this installation; run ./orderflow " + command.label())
                .hasLineCount(1);
    }

    private int execute(String... arguments) {
        return Orderflow.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
