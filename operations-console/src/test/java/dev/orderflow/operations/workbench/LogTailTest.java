package dev.orderflow.operations.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

    private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

    private final UUID order = UUID.randomUUID();

    @TempDir private Path folder = Path.of("");

    @Test
    void theLinesOfAnOrderAreFoundWithTheirStackTraces() throws Exception {
        var file = folder.resolve("run.log");
        Files.writeString(
                file,
                """
                10:00:00.000 INFO  a [t %1$s] begun
                10:00:00.001 INFO  a [t %2$s] of another order
                10:00:00.002 WARN  a [t %1$s] failed\u001b[31m
                java.io.IOException: broken
                \tat x.Y.z(Y.java:1)
                10:00:00.003 INFO  a [t ] of none
                \tat not.Ours(Ours.java:1)
                """
                        .formatted(order, UUID.randomUUID()));
        assertThat(tail(file).find(order).orElseThrow())
                .containsExactly(
                        "10:00:00.000 INFO  a [t %s] begun".formatted(order),
                        "10:00:00.002 WARN  a [t %s] failed [31m".formatted(order),
                        "java.io.IOException: broken",
                        " at x.Y.z(Y.java:1)");
    }

    @Test
    void ofALongLogTheLatestLinesAreShown() throws Exception {
        var file = folder.resolve("run.log");
        var text = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            text.append("10:00:00.000 INFO  a [t ").append(order).append("] line ").append(i);
            text.append(" ".repeat(20)).append('\n');
        }
        Files.writeString(file, text);
        var found = tail(file).find(order).orElseThrow();
        assertThat(found).hasSize(200);
        assertThat(found.getLast()).contains("line 59999");
    }

    @Test
    void withoutALogFileThereIsNone() {
        assertThat(tail(null).find(order)).isEmpty();
        assertThat(tail(folder.resolve("missing.log")).find(order)).isEmpty();
    }

    private static LogTail tail(@Nullable Path file) {
        return new LogTail(
                new WorkbenchProperties(true, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, file));
    }
}
