package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dance                          | dance",
                "run --port kitchen=8080        | there is no part 'kitchen'",
                "run --port order-service=0     | a port is 1 to 65535",
                "run --port order-service=70000 | a port is 1 to 65535",
                "run --port order-service=x     | a port is 1 to 65535",
                "run --clock-factor 0.5         | must be 1 to 3600",
                "run --clock-factor NaN         | is not a number",
                "run --approval-limit -1        | must not be negative",
                "demo --data x                  | --data",
                "crash-test --orders 0          | --orders must be",
                "crash-test --kills -1          | --kills must not be negative",
                "crash-test --clock-factor 100  | --clock-factor must be",
                "crash-test --seed x            | --seed",
                "issuer                         | starts under the profile 'local' only",
                "token                          | --customer",
                "check                          | --api-url",
                "cloud                          | --inventory-url",
                "token --customer a --operator b| mutually exclusive"
            })
    void aWrongCallGetsOneLineAndExitCodeTwo(String arguments, String why) {
        assertThat(execute(arguments.strip().split(" +"))).isEqualTo(2);
        assertThat(err.toString().strip())
                .startsWith("orderflow: ")
                .contains(why.strip())
                .hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aPortThatIsTakenIsNamedBeforeAnythingStarts() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = taken.getLocalPort();
            assertThat(execute("run", "--free-ports", "--port", "payment-service=" + port))
                    .isEqualTo(2);
            assertThat(err.toString())
                    .contains("port " + port + " for payment-service is taken")
                    .hasLineCount(1);
        }
    }

    @Test
    void aFileIsNoPlaceForData(@TempDir Path folder) throws IOException {
        var file = Files.createFile(folder.resolve("file"));
        assertThat(execute("run", "--data", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("is not a folder").hasLineCount(1);
    }

    @Test
    void helpNamesEveryCommand() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString()).contains("run", "demo", "crash-test", "./orderflow demo");
    }

    private int execute(String... arguments) {
        return Orderflow.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
