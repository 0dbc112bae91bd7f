package dev.orderflow.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The commands in a Markdown document of this project.
///
/// @param path the path from the root of the project
record MarkdownDocument(String path, String text) {

    private static final Path PROJECT = Path.of("..", "..");
    private static final Pattern FENCE =
            Pattern.compile("(?ms)^( *)```([a-z]*) *\\n(.*?)^ *```[ ]*$");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /// A fenced code block.
    record CodeBlock(String language, String text) {

        /// The commands of a shell, or the statements of SQL, in sequence and as they are printed.
        List<String> commands() {
            return language.equals("sql") ? statements() : scriptCommands();
        }

        /// A command of `psql`, such as `\c`, is a line.
        private List<String> statements() {
            return Stream.of(text.replaceAll("(?m)^(\\\\.*)$", "$1;").split(";"))
                    .map(String::strip)
                    .filter(statement -> !statement.isEmpty())
                    .toList();
        }

        /// A command ends at the end of a line that is neither continued nor part of a loop.
        private List<String> scriptCommands() {
            var commands = new ArrayList<String>();
            var open = new StringBuilder();
            for (var line : text.lines().filter(line -> !line.isBlank()).toList()) {
                open.append(open.isEmpty() ? "" : "\n").append(line);
                boolean isInLoop =
                        open.toString().startsWith("for ") && !line.matches(".*\\bdone\\b.*");
                if (!line.endsWith("\\") && !isInLoop) {
                    commands.add(open.toString());
                    open.setLength(0);
                }
            }
            return commands;
        }
    }

    /// A row of a table whose first cell contains commands.
    record TableRow(String what, List<String> commands) {}

    static MarkdownDocument read(String path) {
        try {
            return new MarkdownDocument(path, Files.readString(PROJECT.resolve(path)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// The paths of all documents of a folder.
    static List<String> in(String folder) {
        try (Stream<Path> files = Files.list(PROJECT.resolve(folder))) {
            return files.map(file -> folder + "/" + file.getFileName())
                    .filter(path -> path.endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// The fenced blocks, without the indentation of a surrounding list.
    List<CodeBlock> blocks() {
        return FENCE.matcher(text)
                .results()
                .map(
                        block ->
                                new CodeBlock(
                                        block.group(2),
                                        block.group(3).replaceAll("(?m)^" + block.group(1), "")))
                .toList();
    }

    /// The part below a heading.
    MarkdownDocument section(String heading) {
        int from = text.indexOf(heading + "\n");
        int to = text.indexOf("\n## ", from + 1);
        return new MarkdownDocument(path, text.substring(from, to < 0 ? text.length() : to));
    }

    /// The rows of the tables with their commands, in sequence. A command that consists of options
    /// only extends the command before it.
    List<TableRow> rows() {
        var rows = new ArrayList<TableRow>();
        for (var line : text.lines().filter(line -> line.startsWith("| `")).toList()) {
            var commands = new ArrayList<String>();
            CODE.matcher(line)
                    .results()
                    .map(code -> code.group(1))
                    .forEach(
                            code -> {
                                if (code.startsWith("--") && !commands.isEmpty()) {
                                    commands.add(commands.getLast() + " " + code);
                                } else if (isCommand(code)) {
                                    commands.add(code);
                                }
                            });
            rows.add(new TableRow(line, List.copyOf(commands)));
        }
        return rows;
    }

    private static boolean isCommand(String code) {
        return code.matches("(?s)(./orderflow|order|look|curl|aws) .+|[A-Za-z_]+=.+");
    }
}
