package dev.orderflow.localpostgres;

import dev.orderflow.localmachine.UserFolder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The programs of Postgres, unpacked once for each version.
final class PostgresBinaries {

    private static final String INCOMPLETE_PREFIX = "unpacking-";

    private PostgresBinaries() {}

    /// Unpacks the archive for this platform from the class path, unless it is already unpacked.
    ///
    /// @return the folder with `bin`, `lib` and `share`
    /// @throws LocalPostgresException if there is no build for this platform, or the archive cannot
    ///     be unpacked
    static synchronized Path unpackedFolder() {
        var os = System.getProperty("os.name", "");
        var architecture = System.getProperty("os.arch", "");
        var archive =
                resources(os, architecture).stream()
                        .flatMap(name -> find(name).stream())
                        .findFirst()
                        .orElseThrow(() -> none(os, architecture));
        return unpackedFolder(archive, UserFolder.cache().resolve("postgres"));
    }

    private static LocalPostgresException none(String os, String architecture) {
        return new LocalPostgresException(
                resources(os, architecture).isEmpty()
                        ? "there is no Postgres build for %s on %s; supported are Linux and macOS, on amd64 and arm64"
                                .formatted(os, architecture)
                        : "this program was built on another platform than %s on %s; build it on this machine"
                                .formatted(os, architecture));
    }

    /// The names of the archives that can run on a platform; at most one is on the class path.
    ///
    /// @param os the system property `os.name`
    /// @param architecture the system property `os.arch`
    static List<String> resources(String os, String architecture) {
        var processor =
                switch (architecture.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> "";
                };
        if (processor.isEmpty()) {
            return List.of();
        }
        if (os.equals("Linux")) {
            return List.of(
                    "postgres-linux-" + processor + ".txz",
                    "postgres-linux-" + processor + "-alpine_linux.txz");
        }
        return os.startsWith("Mac OS")
                ? List.of("postgres-darwin-" + processor + ".txz")
                : List.of();
    }

    private static Optional<URL> find(String resource) {
        return Optional.ofNullable(PostgresBinaries.class.getResource("/" + resource));
    }

    static Path unpackedFolder(URL archive, Path parent) {
        var folder = parent.resolve(name(archive));
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try {
            Files.createDirectories(parent);
            // One process unpacks; concurrent processes wait for it.
            try (var channel =
                            FileChannel.open(
                                    parent.resolve(".unpacking"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                if (!Files.isDirectory(folder)) {
                    deleteIncomplete(parent);
                    var fresh = Files.createTempDirectory(parent, INCOMPLETE_PREFIX);
                    try {
                        unpack(archive, fresh);
                        Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
                    } finally {
                        UserFolder.delete(fresh);
                    }
                }
            }
            return folder;
        } catch (IOException failed) {
            throw new LocalPostgresException(
                    "cannot unpack Postgres in %s: %s".formatted(parent, failed.getMessage()),
                    failed);
        }
    }

    /// The name of the jar without its suffix; it contains the version and the platform.
    private static String name(URL archive) {
        var jar = archive.getPath().replaceFirst("!.*", "");
        return jar.substring(jar.lastIndexOf('/') + 1).replaceFirst("\\.(jar|txz)$", "");
    }

    /// The major version of Postgres, such as `17`.
    ///
    /// @param unpacked the folder that [#unpackedFolder()] returns
    static String majorVersion(Path unpacked) {
        return String.valueOf(unpacked.getFileName()).replaceFirst(".*-(\\d+)\\.[^-]*$", "$1");
    }

    private static void unpack(URL archive, Path folder) throws IOException {
        try (var in = new BufferedInputStream(archive.openStream());
                var tar = new TarArchiveInputStream(new XZInputStream(in))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(entry, tar, folder);
            }
        }
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path folder)
            throws IOException {
        var file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder)) {
            throw new IOException(entry.getName() + " is outside of the target folder");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
            if ((entry.getMode() & 0100) != 0) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    /// Deletes the folders of processes that were killed while they unpacked. The caller holds the
    /// lock, so no other process unpacks now.
    private static void deleteIncomplete(Path parent) throws IOException {
        List<Path> incomplete;
        try (var folders = Files.list(parent)) {
            incomplete =
                    folders.filter(
                                    folder ->
                                            folder.getFileName()
                                                    .toString()
                                                    .startsWith(INCOMPLETE_PREFIX))
                            .toList();
        }
        incomplete.forEach(UserFolder::delete);
    }
}
