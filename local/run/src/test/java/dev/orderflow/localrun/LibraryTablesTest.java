package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tables that service-defaults reads and writes in the databases of several services. Each service
/// creates its own, so all must be the same.
class LibraryTablesTest {

    @ParameterizedTest
    @CsvSource({"inbox, 2", "idempotency_key, 2", "operator_action, 7", "waiting_action, 2"})
    void aTableOfTheLibraryIsTheSameInEachServiceThatHasIt(String table, int services) {
        var definitions = definitionsOf(table);
        assertThat(definitions).hasSizeGreaterThanOrEqualTo(services);
        assertThat(definitions.values().stream().distinct())
                .as("definitions of %s in %s", table, definitions.keySet())
                .hasSize(1);
    }

    /// The statements that create the table and its indexes, by service.
    private static Map<String, String> definitionsOf(String table) {
        var statements =
                Pattern.compile(
                        "CREATE TABLE %1$s \\(.*?\\n\\);|CREATE (UNIQUE )?INDEX [^;]*? ON %1$s\\b[^;]*;"
                                .formatted(table),
                        Pattern.DOTALL);
        var found = new TreeMap<String, String>();
        for (var component : Component.services()) {
            var definition =
                    statements
                            .matcher(schemaOf(component))
                            .results()
                            .map(MatchResult::group)
                            .map(LibraryTablesTest::normalize)
                            .collect(Collectors.joining("\n"));
            if (!definition.isEmpty()) {
                found.put(component.label(), definition);
            }
        }
        return found;
    }

    private static String normalize(String statement) {
        return statement.replaceAll("--[^\n]*", "").replaceAll("\\s+", " ");
    }

    private static String schemaOf(Component service) {
        var file = "/db/%s/V1__create_schema.sql".formatted(service.label());
        try (var schema = LibraryTablesTest.class.getResourceAsStream(file)) {
            return new String(
                    Objects.requireNonNull(schema, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
