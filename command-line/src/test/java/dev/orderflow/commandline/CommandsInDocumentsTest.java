package dev.orderflow.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// Every command that a document, an alarm or a message names exists, also where no test executes
/// it: in a table, in a sentence, in the text of an error.
class CommandsInDocumentsTest {

    private static final Pattern COMMAND =
            Pattern.compile("\\./orderflow ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?");
    private static final Set<String> OTHER_FOLDERS =
            Set.of(".git", "target", "node_modules", "cdk.out", "test");

    private final CommandLine commandLine = Orderflow.commandLine();

    @Test
    void everyCommandThatAFileNamesExists() throws IOException {
        var unknown = new ArrayList<String>();
        int commands = 0;
        for (var file : files(Path.of("..").toRealPath())) {
            for (var command : COMMAND.matcher(Files.readString(file)).results().toList()) {
                commands++;
                if (!exists(command)) {
                    unknown.add(file.getFileName() + ": " + command.group());
                }
            }
        }
        assertThat(commands).isGreaterThan(80);
        assertThat(unknown).isEmpty();
    }

    private boolean exists(MatchResult command) {
        var parent = commandLine.getSubcommands().get(command.group(1));
        if (parent == null) {
            return false;
        }
        var children = parent.getSubcommands();
        return children.isEmpty()
                || command.group(2) == null
                || children.containsKey(command.group(2));
    }

    private static List<Path> files(Path root) throws IOException {
        var files = new ArrayList<Path>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        return OTHER_FOLDERS.contains(folder.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        var name = file.getFileName().toString();
                        if (name.endsWith(".md")
                                || name.endsWith(".java")
                                || name.equals("topology.json")) {
                            files.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return files;
    }
}
