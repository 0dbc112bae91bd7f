package dev.orderflow.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.commandline.Orderflow;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "cost --orders 0    | --orders must be 1 to 1000",
                "cost --orders 1001 | --orders must be 1 to 1000",
                "cost --orders x    | 'x' is not a whole number"
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
        assertThat(execute("cost", "--help")).isZero();
        assertThat(out.toString()).contains("--orders=");
    }

    private int execute(String... arguments) {
        return Orderflow.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
