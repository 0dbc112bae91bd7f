package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.commandline.Orderflow;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The command line checks an idempotency key by the rule of the services, on which it cannot
/// depend.
class IdempotencyKeyOptionTest {

    private final CommandLine commandLine = Orderflow.commandLine();

    @Test
    void aKeyIsRefusedExactlyIfTheServicesWouldRefuseIt() {
        for (char character = 0; character < 256; character++) {
            var key = "a" + character;
            assertThat(isRefused(key)).as("character %d", (int) character).isEqualTo(!isKey(key));
        }
        for (int length : new int[] {1, 255, 256}) {
            var key = "k".repeat(length);
            assertThat(isRefused(key)).as("%d characters", length).isEqualTo(!isKey(key));
        }
    }

    private static boolean isKey(String key) {
        try {
            return !new IdempotencyKey(key).value().isEmpty();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// Nothing answers at the URL, so that a command with a valid key fails, too.
    private boolean isRefused(String key) {
        var err = new StringWriter();
        assertThat(
                        commandLine
                                .setErr(new PrintWriter(err))
                                .execute(
                                        "payments",
                                        "void",
                                        "0a9d3a4e-5ad5-4c63-9d5e-7a4f0d0c7f11",
                                        "--url",
                                        "http://127.0.0.1:1",
                                        "--key",
                                        key))
                .isEqualTo(2);
        return err.toString().contains("--key");
    }
}
