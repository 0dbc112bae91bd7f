package dev.orderflow.topology;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The files of the project in all modules, without generated files.
final class ProjectFiles {

    static final Path ROOT = Path.of("..");

    private static final Set<String> GENERATED =
            Set.of("target", "node_modules", "cdk.out", ".git");

    private ProjectFiles() {}

    /// Sources and resources, also of tests, whose names have this suffix.
    static List<Path> sources(String suffix) throws IOException {
        return all(suffix).stream().filter(file -> file.toString().contains("/src/")).toList();
    }

    static List<Path> documents() throws IOException {
        return all(".md");
    }

    private static List<Path> all(String suffix) throws IOException {
        var found = new ArrayList<Path>();
        Files.walkFileTree(
                ROOT,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        return GENERATED.contains(folder.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (file.toString().endsWith(suffix)) {
                            found.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return found.stream().sorted().toList();
    }
}
