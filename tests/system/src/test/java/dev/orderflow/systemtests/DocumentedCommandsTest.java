package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs every command of the tour, of a guide and of a runbook without a local alarm as it is
/// printed.
@ResourceLock(RunningSystem.SHARED)
class DocumentedCommandsTest {

    private static final Pattern PLACEHOLDER = Pattern.compile("<[a-z][a-z -]*>");
    private static final Pattern ORDER_ID = Pattern.compile("\"orderId\":\"([0-9a-f-]{36})\"");

    private static final RunningSystem SYSTEM = RunningSystem.shared();
    private static Shell shell;

    /// The values for the placeholders `<…>` of the runbooks.
    private static final Map<String, Map<String, String>> VALUES =
            Map.of(
                    "service-down.md", Map.of("service", "order-service"),
                    "service-errors.md",
                            Map.of(
                                    "service", "order-service",
                                    "stage", "live",
                                    "the tag before", "1.0.0"),
                    "service-load.md", Map.of("service", "order-service"),
                    "README.md",
                            Map.of(
                                    "domain", "example.org",
                                    "region", "us-east-1",
                                    "operator-pool", "us-east-1_EXAMPLE",
                                    "command-line-client", "4f1c"));

    @BeforeAll
    static void openAShell() {
        shell = new Shell(SYSTEM);
    }

    @AfterAll
    static void closeTheShell() {
        shell.close();
    }

    static Stream<String> runbooks() {
        return MarkdownDocument.in("docs/runbooks").stream();
    }

    /// The runbooks that no alarm of a running system names: `AlarmsTest` follows the others.
    static Stream<String> otherRunbooks() {
        var ofAlarms = new Alarms(SYSTEM).runbooks();
        return runbooks()
                .map(path -> path.substring(Runbooks.FOLDER.length()))
                .filter(name -> !ofAlarms.contains(name));
    }

    @ParameterizedTest
    @MethodSource("otherRunbooks")
    void everyCommandOfARunbookWorks(String name) {
        var settings =
                name.equals("README.md")
                        ? ""
                        : MarkdownDocument.read("docs/runbooks/README.md").blocks().get(1).text();
        run(
                MarkdownDocument.read(Runbooks.FOLDER + name),
                settings,
                VALUES.getOrDefault(name, Map.of()));
    }

    @Test
    void everyRunbookWithValuesExists() {
        assertThat(otherRunbooks()).containsAll(VALUES.keySet());
    }

    @Test
    void everyCommandThatNeedsAwsIsInARunbook() {
        var commands =
                runbooks()
                        .flatMap(path -> MarkdownDocument.read(path).blocks().stream())
                        .map(MarkdownDocument.CodeBlock::text)
                        .collect(Collectors.joining("\n"));
        assertThat(OnlyOnAws.reasons().keySet())
                .isNotEmpty()
                .allSatisfy(command -> assertThat(commands).contains(command));
    }

    @Test
    void aRunbookThatNeedsTheAwsCliStatesIt() {
        runbooks()
                .map(MarkdownDocument::read)
                .filter(runbook -> !runbook.path().endsWith("README.md"))
                .filter(
                        runbook ->
                                runbook.blocks().stream()
                                        .anyMatch(
                                                block ->
                                                        Pattern.compile("\\baws [a-z]")
                                                                .matcher(block.text())
                                                                .find()))
                .forEach(
                        runbook ->
                                assertThat(runbook.text())
                                        .as(runbook.path())
                                        .contains("README.md#aws-"));
    }

    static Stream<String> guides() {
        return Stream.of(
                "docs/containers.md",
                "docs/observability.md",
                "docs/personal-data.md",
                "docs/security.md",
                "docs/analytics-lambda.md");
    }

    @ParameterizedTest
    @MethodSource("guides")
    void everyCommandOfAGuideWorks(String path) {
        run(
                MarkdownDocument.read(path),
                "",
                Map.of("order", ofAda(), "log", RunningSystem.logFile().toString()));
    }

    /// Places an order of the customer that the documents use, and waits until the log names it.
    private static String ofAda() {
        var tour = MarkdownDocument.read("README.md").section("## A tour of the failure paths");
        var placed = shell.run(tour.blocks().getFirst().text() + "\norder MUG-BLUE 1 pm_card_visa");
        var order = ORDER_ID.matcher(placed.output());
        assertThat(order.find()).as(placed.output()).isTrue();
        var id = order.group(1);
        await().until(() -> RunningSystem.log().stream().anyMatch(line -> line.contains(id)));
        return id;
    }

    /// Rows depend on each other: an id is that of the order of the same row, or else of the first
    /// row.
    @Test
    void everyRowOfTheTourWorks() {
        var tour = MarkdownDocument.read("README.md").section("## A tour of the failure paths");
        var preamble = tour.blocks().getFirst().text();
        var rows = tour.rows();
        assertThat(rows).hasSizeGreaterThan(15);
        String first = null;
        for (var row : rows) {
            assertThat(row.commands()).as(row.what()).isNotEmpty();
            // A row that shows a refusal contains its status.
            boolean refused = row.what().matches("(?s).*\\| (404|422): .*");
            var id = first;
            var before = new StringBuilder(preamble);
            for (var command : row.commands()) {
                var script = command.replace("<id>", String.valueOf(id));
                var result =
                        command.equals(row.commands().getFirst()) && !refused
                                ? shell.run(before + "\n" + script)
                                : awaitResult(before + "\n" + script, refused);
                assertThat(result.isFine())
                        .as("%s\n%s", script, result.output())
                        .isEqualTo(!refused || script.startsWith("ada="));
                var order = ORDER_ID.matcher(result.output());
                while (order.find()) {
                    id = order.group(1);
                }
                first = first == null ? id : first;
                if (command.matches("[A-Za-z]+=[^ ].*") && !command.contains(" order ")) {
                    before.append('\n').append(script);
                }
            }
        }
    }

    /// The result of an order takes a moment, so the row is repeated.
    private static Shell.Result awaitResult(String script, boolean refused) {
        return await().until(() -> shell.run(script), result -> refused || result.isFine());
    }

    private static void run(
            MarkdownDocument document, String settings, Map<String, String> placeholders) {
        for (var block : document.blocks()) {
            switch (block.language()) {
                case "bash" -> runScript(document, settings, fill(block.text(), placeholders));
                case "sql" -> runSql(block.text());
                default ->
                        assertThat(block.text())
                                .as("a block of %s that is not marked as bash", document.path())
                                .doesNotContain("./orderflow ", "curl ", "aws ");
            }
        }
    }

    private static void runScript(MarkdownDocument document, String settings, String script) {
        var unfilled = PLACEHOLDER.matcher(script);
        assertThat(unfilled.find())
                .as("%s: nothing stands for a placeholder in\n%s", document.path(), script)
                .isFalse();
        var result = shell.run(settings + "\n" + script);
        assertThat(result.isFine())
                .as(
                        "%s\n%s\nexit code %d, failed: %s\n%s",
                        document.path(),
                        script,
                        result.exitCode(),
                        result.failed(),
                        result.output())
                .isTrue();
    }

    private static void runSql(String statements) {
        Stream.of(statements.split(";"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .map(statement -> statement.replace("'…'", "now()"))
                .filter(statement -> !statement.contains("audit_trail"))
                .forEach(SYSTEM::inOrdersDatabase);
    }

    private static String fill(String script, Map<String, String> placeholders) {
        var filled = script;
        for (var placeholder : placeholders.entrySet()) {
            filled = filled.replace("<" + placeholder.getKey() + ">", placeholder.getValue());
        }
        return filled;
    }
}
