package dev.orderflow.crashtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.commandline.Orderflow;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrashTestCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "crash-test --orders 0          | --orders must be",
                "crash-test --kills -1          | --kills must not be negative",
                "crash-test --clock-factor 100  | --clock-factor must be",
                "crash-test --seed x            | '--seed': 'x' is not a whole number, such as 50",
                "crash-test --orders 1.5        | '1.5' is not a whole number",
                "crash-test --orders 9999999999 | '9999999999' is out of range"
            })
    void aUsageErrorIsReportedInOneLineWithExitCodeTwo(String arguments, String message) {
        assertThat(execute(arguments.strip().split(" +"))).isEqualTo(2);
        assertThat(err.toString().strip())
                .startsWith("orderflow: ")
                .contains(message.strip())
                .hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpShowsTheOptions() {
        assertThat(execute("crash-test", "--help")).isZero();
        assertThat(out.toString()).contains("--orders=");
    }

    private int execute(String... arguments) {
        return Orderflow.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
