package dev.orderflow.crashtests;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The class path of the service processes, and the AOT cache from which they start with a
/// third of the processor time.
///
/// The cache is in the build folder: the JVM trusts its content, so other users must not be able to
/// write it. A JVM ignores a cache that was written for other jars; a file beside it names those it
/// was written for, so that it is written again after they changed.
final class AotCache {

    /// The class path of this process without test classes.
    private static final List<Path> CLASS_PATH =
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(entry -> !entry.endsWith("test-classes"))
                    .map(Path::of)
                    .map(entry -> Files.isDirectory(entry) ? pack(entry) : entry)
                    .toList();

    private final Path file;

    private AotCache(Path file) {
        this.file = file;
    }

    /// The cache of this build; empty without a build folder.
    static Optional<AotCache> ofBuild() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-XX:SharedArchiveFile="))
                .map(argument -> Path.of(argument.substring(argument.indexOf('=') + 1)))
                .map(Path::toAbsolutePath)
                .map(Path::getParent)
                .findFirst()
                .or(() -> Optional.of(Path.of("target").toAbsolutePath()))
                .filter(Files::isDirectory)
                .map(folder -> new AotCache(folder.resolve("services.aot")));
    }

    static String classPath() {
        return CLASS_PATH.stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /// Whether it was written for the present class path.
    boolean isCurrent() {
        try {
            return Files.exists(file)
                    && Files.exists(writtenFor())
                    && Files.readString(writtenFor()).equals(describeClassPath());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + writtenFor(), failure);
        }
    }

    /// Deletes the former cache before a process with the option of [#training()] writes a new one.
    void prepareTraining() {
        try {
            Files.deleteIfExists(file);
            Files.writeString(writtenFor(), describeClassPath());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + writtenFor(), failure);
        }
    }

    /// The option of the JVM that writes it when it ends.
    String training() {
        return "-XX:AOTCacheOutput=" + file;
    }

    /// The options of a JVM that starts from it; none while it does not exist.
    Stream<String> use() {
        return Files.exists(file) ? Stream.of("-XX:AOTCache=" + file) : Stream.empty();
    }

    private Path writtenFor() {
        return file.resolveSibling(file.getFileName() + ".class-path");
    }

    private static String describeClassPath() {
        return CLASS_PATH.stream().map(AotCache::describe).collect(Collectors.joining("\n"));
    }

    private static String describe(Path jar) {
        try {
            return "%s %d %s".formatted(jar, Files.size(jar), Files.getLastModifiedTime(jar));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + jar, failure);
        }
    }

    /// Packs a folder of classes into a jar beside it: a JVM with a folder on its class path writes
    /// no cache.
    private static Path pack(Path folder) {
        var jar = folder.resolveSibling(folder.getFileName() + ".jar");
        int code =
                ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(
                                System.out,
                                System.err,
                                "--create",
                                "--file",
                                jar.toString(),
                                "-C",
                                folder.toString(),
                                ".");
        if (code != 0) {
            throw new IllegalStateException("cannot pack " + folder + " into " + jar);
        }
        return jar;
    }
}
