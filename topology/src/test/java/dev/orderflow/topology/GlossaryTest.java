package dev.orderflow.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The glossary names types, tables, paths, fields and meters that exist, and no type name has two
/// meanings.
class GlossaryTest {

    private static final Path GLOSSARY = ProjectFiles.ROOT.resolve("docs/glossary.md");
    private static final Pattern TYPE =
            Pattern.compile("\\b(?:class|record|interface|enum)\\s+([A-Z]\\w*)");
    private static final Pattern NO_CODE =
            Pattern.compile(
                    "\"\"\".*?\"\"\"|\"(?:[^\"\\\\\n]++|\\\\.)*+\"|//[^\n]*|/\\*.*?\\*/",
                    Pattern.DOTALL);

    private static final Map<String, Set<Path>> declarations = new TreeMap<>();
    private static final StringBuilder sources = new StringBuilder();
    private static final StringBuilder schemas = new StringBuilder();
    private static final StringBuilder wireFormats = new StringBuilder();

    @BeforeAll
    static void readTheProject() throws IOException {
        for (var file : ProjectFiles.sources(".java")) {
            var text = Files.readString(file);
            if (!file.toString().contains("/src/test/")) {
                sources.append(text);
            }
            TYPE.matcher(NO_CODE.matcher(text).replaceAll("\"\""))
                    .results()
                    .forEach(
                            found ->
                                    declarations
                                            .computeIfAbsent(found.group(1), _ -> new TreeSet<>())
                                            .add(file));
        }
        for (var suffix : List.of(".schema.json", "topology.json")) {
            for (var file : ProjectFiles.sources(suffix)) {
                wireFormats.append(Files.readString(file));
            }
        }
        for (var file : ProjectFiles.sources(".sql")) {
            schemas.append(Files.readString(file));
        }
        assertThat(declarations).hasSizeGreaterThan(1_000);
        assertThat(schemas).contains("CREATE TABLE");
        assertThat(wireFormats).contains("\"detail-type\"", "\"schemaVersion\"");
    }

    @Test
    void everyTypeThatTheGlossaryNamesExists() throws IOException {
        assertThat(named(3)).hasSizeGreaterThan(50).isSubsetOf(declarations.keySet());
    }

    @Test
    void everyTableAndColumnThatTheGlossaryNamesExists() throws IOException {
        assertThat(named(4))
                .hasSizeGreaterThan(10)
                .allMatch(
                        name -> Pattern.compile("\\b" + name + "\\b").matcher(schemas).find(),
                        "is in a migration");
    }

    /// A path may be that of several endpoints, such as `/internal/payments`.
    @Test
    void everyPathThatTheGlossaryNamesIsThatOfAnEndpoint() throws IOException {
        var endpoints = ProjectEndpoints.all();
        assertThat(endpoints).hasSizeGreaterThan(50);
        assertThat(named(5))
                .filteredOn(name -> name.contains(" /") || name.startsWith("/"))
                .hasSizeGreaterThan(15)
                .allMatch(
                        name -> {
                            var path = ProjectEndpoints.normalize(name);
                            return endpoints.stream()
                                    .map(
                                            it ->
                                                    path.startsWith("/")
                                                            ? it.replaceFirst(".* ", "")
                                                            : it)
                                    .anyMatch(it -> (it + "/").startsWith(path + "/"));
                        },
                        "is an endpoint or the beginning of one");
    }

    @Test
    void everyFieldHeaderAndQueueThatTheGlossaryNamesExists() throws IOException {
        assertThat(named(5))
                .filteredOn(name -> !name.contains("/") || name.startsWith("application/"))
                .hasSizeGreaterThan(8)
                .allMatch(
                        name -> {
                            var word = name.replaceFirst(":.*", "");
                            return wireFormats.indexOf("\"" + word + "\"") >= 0
                                    || sources.indexOf("\"" + word + "\"") >= 0
                                    || Pattern.compile("\\b" + Pattern.quote(word) + "[,)]")
                                            .matcher(sources)
                                            .find();
                        },
                        "is in a schema, the topology or the code");
    }

    @Test
    void everyMeterThatTheGlossaryNamesExists() throws IOException {
        assertThat(named(6))
                .hasSizeGreaterThan(10)
                .allMatch(name -> sources.indexOf("\"" + name + "\"") >= 0, "is in the code");
    }

    @Test
    void noTypeNameHasTwoMeanings() throws IOException {
        var repeated =
                declarations.entrySet().stream()
                        .filter(entry -> entry.getValue().size() > 1)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(repeated).isEqualTo(exceptions());
    }

    /// The names in back-ticks in a column of the first table.
    private static Set<String> named(int column) throws IOException {
        return rows("| term |").stream()
                .map(cells -> cells.get(column - 1))
                .flatMap(GlossaryTest::code)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> exceptions() throws IOException {
        return rows("| name |").stream()
                .flatMap(cells -> code(cells.getFirst()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> code(String cell) {
        return Pattern.compile("`([^`]+)`").matcher(cell).results().map(found -> found.group(1));
    }

    private static List<List<String>> rows(String head) throws IOException {
        var rows = new ArrayList<List<String>>();
        var lines = Files.readAllLines(GLOSSARY);
        int start =
                Math.toIntExact(lines.stream().takeWhile(line -> !line.startsWith(head)).count());
        lines.stream()
                .skip(start + 2L)
                .takeWhile(line -> line.startsWith("|"))
                .forEach(
                        line ->
                                rows.add(
                                        Arrays.stream(line.substring(1).split("\\|", -1))
                                                .map(String::strip)
                                                .toList()));
        assertThat(rows).as(head).isNotEmpty();
        return rows;
    }
}
