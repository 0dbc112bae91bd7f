package dev.orderflow.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads from the log of the database server which statements a service executes, with their
/// parameters, so that what is measured beside the service cannot differ from what it does.
final class StatementCapture {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern EXECUTION =
            Pattern.compile("^execute [^:]*: (.*)$", Pattern.DOTALL);
    private static final Pattern PARAMETER =
            Pattern.compile("\\$(\\d+) = (NULL|'([^']*+(?:''[^']*+)*+)')(?:, |$)");

    private StatementCapture() {}

    /// @param sql the text, with `$1` and so on
    /// @param parameters their values; an empty text for NULL
    record CapturedStatement(String sql, List<String> parameters) {}

    /// The statements of the transaction that executed one with a given parameter, in sequence.
    ///
    /// @param log a log of the server in JSON
    /// @throws BenchmarkFailedException when there is no such transaction
    static List<CapturedStatement> find(Path log, String parameter) {
        List<JsonNode> lines;
        try (var all = Files.lines(log)) {
            lines = all.map(JSON::readTree).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException("the server's log cannot be read", failed);
        }
        var transaction =
                lines.stream()
                        .filter(line -> parametersOf(line).contains(parameter))
                        .filter(line -> line.path("message").asString("").startsWith("execute"))
                        .map(StatementCapture::transaction)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new BenchmarkFailedException(
                                                "the service executed no statement with "
                                                        + parameter));
        return lines.stream()
                .filter(line -> transaction(line).equals(transaction))
                .flatMap(line -> toStatement(line).stream())
                .toList();
    }

    /// How many statements were executed in a database, BEGIN and COMMIT included. Reads no
    /// complete JSON, because the last line may not be written completely.
    static long count(Path log, String database) {
        var inDatabase = "\"dbname\":\"%s\"".formatted(database);
        try (var all = Files.lines(log)) {
            return all.filter(
                            line ->
                                    line.contains(inDatabase)
                                            && line.contains("\"message\":\"execute "))
                    .count();
        } catch (IOException failed) {
            throw new UncheckedIOException("the server's log cannot be read", failed);
        }
    }

    private static String transaction(JsonNode line) {
        return line.path("pid").asString("") + ' ' + line.path("vxid").asString("");
    }

    private static List<CapturedStatement> toStatement(JsonNode line) {
        var execution = EXECUTION.matcher(line.path("message").asString(""));
        return execution.matches()
                ? List.of(new CapturedStatement(execution.group(1), parametersOf(line)))
                : List.of();
    }

    private static List<String> parametersOf(JsonNode line) {
        return parameters(line.path("detail").asString(""));
    }

    static List<String> parameters(String detail) {
        var values = new ArrayList<String>();
        var parameter = PARAMETER.matcher(detail);
        while (parameter.find()) {
            var text = parameter.group(3);
            values.add(text == null ? "" : text.replace("''", "'"));
        }
        return values;
    }
}
