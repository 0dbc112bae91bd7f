package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The runbooks, whose fenced commands are executed as they are printed, with the values of a fault
/// in place of the placeholders `<…>`.
final class Runbooks implements AutoCloseable {

    /// The folder of the runbooks.
    static final String FOLDER = "docs/runbooks/";

    /// The database to which the master user connects.
    private static final String MAINTENANCE = "postgres";

    /// The command of `psql` that connects to another database.
    private static final String CONNECT = "\\c ";

    private static final Pattern PLACEHOLDER = Pattern.compile("<[a-z][a-z -]*>");

    private final RunningSystem system;
    private final Shell shell;
    private final String settings;
    private final Set<String> executed = new TreeSet<>();

    Runbooks(RunningSystem system) {
        this.system = system;
        shell = new Shell(system);
        settings = MarkdownDocument.read(FOLDER + "README.md").blocks().get(1).text();
    }

    /// A runbook, without values for its placeholders.
    ///
    /// @param name its file
    Runbook named(String name) {
        return new Runbook(MarkdownDocument.read(FOLDER + name), settings, Map.of());
    }

    /// Another document that a runbook links.
    ///
    /// @param path the path from the root of the project
    Runbook linked(String path) {
        return new Runbook(MarkdownDocument.read(path), settings, Map.of());
    }

    /// The fenced commands of some runbooks that were not executed successfully.
    Set<String> unexecuted(Collection<String> names) {
        var missing = new TreeSet<String>();
        for (var name : names) {
            var document = MarkdownDocument.read(FOLDER + name);
            document.blocks().stream()
                    .flatMap(block -> block.commands().stream())
                    .map(command -> id(document, command))
                    .filter(command -> !executed.contains(command))
                    .forEach(missing::add);
        }
        return missing;
    }

    private static String id(MarkdownDocument document, String command) {
        return document.path() + ": " + command;
    }

    @Override
    public void close() {
        shell.close();
    }

    /// One runbook and the values of a fault.
    final class Runbook {

        private final MarkdownDocument document;
        private final String before;
        private final Map<String, String> values;

        private Runbook(MarkdownDocument document, String before, Map<String, String> values) {
            this.document = document;
            this.before = before;
            this.values = values;
        }

        /// Sets a variable of the shell.
        Runbook given(String variable, String value) {
            return new Runbook(document, "%s%n%s='%s'".formatted(before, variable, value), values);
        }

        /// Sets the value of a placeholder, which is named without its brackets.
        Runbook with(String placeholder, String value) {
            var more = new HashMap<>(values);
            more.put(placeholder, value);
            return new Runbook(document, before, more);
        }

        /// Executes all blocks.
        void runAll() {
            document.blocks().forEach(this::runBlock);
        }

        /// Executes the blocks before **How to fix**: what an operator looks at while the alarm is
        /// raised.
        ///
        /// @return the output
        String look() {
            int fix = document.text().indexOf("**How to fix.**");
            assertThat(fix).as("%s says how to fix", document.path()).isPositive();
            var output = new StringBuilder();
            new MarkdownDocument(document.path(), document.text().substring(0, fix))
                    .blocks()
                    .forEach(block -> output.append(runBlock(block)));
            return output.toString();
        }

        /// Executes one command and requires its success.
        ///
        /// @param beginning the beginning of a command of the document, or all of it where several
        ///     begin so
        /// @return its output
        String run(String beginning) {
            var command = find(beginning);
            var result = shell.run(before + "\n" + fill(command));
            requireFine(command, result);
            return result.output();
        }

        /// Executes one command, which may fail because the fault lasts.
        Shell.Result attempt(String beginning) {
            var command = find(beginning);
            var result = shell.attempt(before + "\n" + fill(command));
            if (result.isFine()) {
                executed.add(id(document, command));
            }
            return result;
        }

        /// Executes one SQL statement as the master user.
        ///
        /// @return the rows, by column
        List<Map<String, String>> query(String beginning) {
            return execute(MAINTENANCE, find(beginning));
        }

        private String runBlock(MarkdownDocument.CodeBlock block) {
            switch (block.language()) {
                case "bash" -> {
                    var result = shell.run(before + "\n" + fill(block.text()));
                    block.commands().forEach(command -> requireFine(command, result));
                    return result.output();
                }
                case "sql" -> {
                    var output = new StringBuilder();
                    var database = MAINTENANCE;
                    for (var command : block.commands()) {
                        if (command.startsWith(CONNECT)) {
                            database = command.substring(CONNECT.length());
                            executed.add(id(document, command));
                        } else {
                            output.append(execute(database, command));
                        }
                    }
                    return output.toString();
                }
                default ->
                        throw new AssertionError(
                                "%s has a block that is neither bash nor sql:%n%s"
                                        .formatted(document.path(), block.text()));
            }
        }

        private void requireFine(String command, Shell.Result result) {
            assertThat(result.isFine())
                    .as(
                            "%s%nwith %s: exit code %d, failed: %s%n%s",
                            id(document, command),
                            values,
                            result.exitCode(),
                            result.failed(),
                            result.output())
                    .isTrue();
            executed.add(id(document, command));
        }

        private List<Map<String, String>> execute(String database, String statement) {
            try (var connection = system.openAsMaster(database);
                    var sql = connection.createStatement()) {
                var rows = new ArrayList<Map<String, String>>();
                if (sql.execute(fill(statement))) {
                    var result = sql.getResultSet();
                    while (result.next()) {
                        var row = new LinkedHashMap<String, String>();
                        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                            row.put(
                                    result.getMetaData().getColumnLabel(i),
                                    String.valueOf(result.getString(i)));
                        }
                        rows.add(row);
                    }
                }
                executed.add(id(document, statement));
                return rows;
            } catch (SQLException failed) {
                throw new AssertionError(id(document, statement), failed);
            }
        }

        private String find(String beginning) {
            var commands =
                    document.blocks().stream()
                            .flatMap(block -> block.commands().stream())
                            .filter(command -> command.startsWith(beginning))
                            .toList();
            var exact = commands.stream().filter(beginning::equals).findFirst();
            assertThat(commands)
                    .as("commands of %s that begin with %s", document.path(), beginning)
                    .hasSizeGreaterThan(0);
            if (exact.isEmpty()) {
                assertThat(commands)
                        .as("commands of %s that begin with %s", document.path(), beginning)
                        .hasSize(1);
            }
            return exact.orElseGet(commands::getFirst);
        }

        private String fill(String command) {
            var filled = command;
            for (var value : values.entrySet()) {
                filled = filled.replace("<" + value.getKey() + ">", value.getValue());
            }
            var unfilled = PLACEHOLDER.matcher(filled);
            assertThat(unfilled.find())
                    .as("nothing stands for a placeholder in %s", id(document, command))
                    .isFalse();
            return filled;
        }
    }
}
