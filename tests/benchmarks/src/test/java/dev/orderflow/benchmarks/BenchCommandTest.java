package dev.orderflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.commandline.Orderflow;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "bench everything         | 'everything'",
                "bench --rounds 0         | --rounds must be",
                "bench --seconds 1000     | --seconds must be",
                "bench --clients 8,0      | --clients must be",
                "bench --clients 8,x      | 'x' is not a whole number",
                "bench relay --outboxes x | 'x'",
                "bench relay --targets x | 'x'",
                "bench relay --instances 9 | --instances must be",
                "bench system --orders 0  | --orders must be",
                "bench startup --services x | --services must be",
                "bench system --backlog 0 | --backlog must be",
                "bench --warm-up 0        | --warm-up must be"
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
    void helpShowsWhatCanBeMeasured() {
        assertThat(execute("bench", "--help")).isZero();
        assertThat(out.toString()).contains("acceptance", "relay", "--rounds=");
    }

    private int execute(String... arguments) {
        return Orderflow.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
