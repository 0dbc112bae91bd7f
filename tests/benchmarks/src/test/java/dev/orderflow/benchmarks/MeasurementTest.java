package dev.orderflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the benchmarks compute from what they measure.
class MeasurementTest {

    @Test
    void aResultIsTheMedianWithItsSpread() {
        assertThat(samples(3, 1, 2).format("%.1f")).isEqualTo("2.0 (1.0–3.0)");
        assertThat(samples(4, 1, 2, 3).median()).isEqualTo(2.5);
    }

    @Test
    void ratiosAreOfTheSameRound() {
        assertThat(samples(2, 9).dividedBy(samples(1, 3)).format("%.1f"))
                .isEqualTo("2.5 (2.0–3.0)");
    }

    @Test
    void aRateIsFlatWhenItsLastWindowsDifferLittle() {
        assertThat(Samples.isFlat(List.of(1000.0, 1040.0, 1010.0))).isTrue();
        assertThat(Samples.isFlat(List.of(1000.0, 1060.0, 1010.0))).isFalse();
    }

    @Test
    void theStatementsOfATransactionAreFoundByAParameterOfOneOfThem(@TempDir Path folder)
            throws Exception {
        var log =
                Files.writeString(
                        folder.resolve("server.json"),
                        """
                        {"pid":1,"vxid":"2/7","message":"execute S_1: BEGIN"}
                        {"pid":9,"vxid":"2/7","message":"execute S_1: SELECT 9","detail":"Parameters: $1 = 'other'"}
                        {"pid":1,"vxid":"2/7","message":"execute <unnamed>: INSERT INTO a VALUES ($1, $2, $3)","detail":"Parameters: $1 = 'k-1', $2 = NULL, $3 = 'it''s, $4 = x'"}
                        {"pid":1,"vxid":"2/8","message":"execute S_1: SELECT 8"}
                        {"pid":1,"vxid":"2/7","message":"duration: 1 ms"}
                        """);
        assertThat(StatementCapture.find(log, "k-1"))
                .containsExactly(
                        new StatementCapture.CapturedStatement("BEGIN", List.of()),
                        new StatementCapture.CapturedStatement(
                                "INSERT INTO a VALUES ($1, $2, $3)",
                                List.of("k-1", "", "it's, $4 = x")));
        assertThatThrownBy(() -> StatementCapture.find(log, "k-2"))
                .isInstanceOf(BenchmarkFailedException.class);
    }

    @Test
    void longParametersAreRead() {
        var text = "it's ".repeat(100_000);
        assertThat(
                        StatementCapture.parameters(
                                "Parameters: $1 = '" + text.replace("'", "''") + "', $2 = '2'"))
                .containsExactly(text, "2");
    }

    @Test
    void aCapturedStatementIsRepeatedWithNewKeysAndTheSameContents(@TempDir Path folder) {
        var id = UUID.randomUUID();
        var script =
                new PgBench(1, "none", folder)
                        .scriptOf(
                                List.of(
                                        new StatementCapture.CapturedStatement(
                                                "INSERT INTO a VALUES ($1, $2, $3, $3, $4)",
                                                List.of("k-1", id.toString(), "text", "more"))),
                                "k-1",
                                id);
        assertThat(script.text())
                .contains("VALUES (CAST(CAST(:run", "AS uuid)", ":p0, :p0, :p1)")
                .doesNotContain("k-1", id.toString());
        assertThat(script.variables()).isEqualTo(Map.of("p0", "text", "p1", "more"));
    }

    @Test
    void aResponseIsReadToItsEnd() throws IOException {
        assertThat(read("HTTP/1.1 201 \r\nContent-Length: 5\r\nA: b\r\n\r\n{\"a\"}"))
                .isEqualTo(201);
        assertThat(read("HTTP/1.1 409 \r\ncontent-length: 0\r\n\r\n")).isEqualTo(409);
        assertThatThrownBy(() -> read("HTTP/1.1 201 \r\nContent-Length: 5\r\n\r\n{"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void theLastResponseOfAConnectionIsRecognised() throws IOException {
        assertThat(isLast("HTTP/1.1 201 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
                .isTrue();
        assertThat(isLast("HTTP/1.1 201 \r\nContent-Length: 0\r\n\r\n")).isFalse();
    }

    @Test
    void theProcessorTimeOfThisProcessIsRead() {
        var before = ProcessorTime.ofThis();
        assertThat(before).isPositive();
        assertThat(ProcessorTime.ofTree(ProcessHandle.current().pid()))
                .isGreaterThanOrEqualTo(before);
    }

    private static boolean isLast(String response) throws IOException {
        var reader =
                new HttpOrderLoad.ResponseReader(
                        new ByteArrayInputStream(response.getBytes(StandardCharsets.US_ASCII)));
        reader.readStatus();
        return reader.isLast();
    }

    private static int read(String response) throws IOException {
        return new HttpOrderLoad.ResponseReader(
                        new ByteArrayInputStream(response.getBytes(StandardCharsets.US_ASCII)))
                .readStatus();
    }

    private static Samples samples(double... values) {
        var samples = new Samples();
        for (double value : values) {
            samples.add(value);
        }
        return samples;
    }
}
