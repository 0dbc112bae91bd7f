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

    private static final String HALF = "unpacking-";

    private PostgresBinaries() {}

    /// Unpacks what is on the class path for this machine, unless that was done before.
    ///
    /// @return the folder with `bin`, `lib` and `share`
    /// @throws LocalPostgresException when there is none for this machine, or no room for it
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
                        ? "there is no Postgres for %s on %s; it runs on Linux and macOS, on amd64 and arm64"
                                .formatted(os, architecture)
                        : "this was built on another kind of machine than %s on %s; build it here"
                                .formatted(os, architecture));
    }

    /// How the archives are called that can run on a machine: at most one is on the class path.
    ///
    /// @param os as the system property `os.name`
    /// @param architecture as the system property `os.arch`
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
            // Of several processes one unpacks, and the others wait for it.
            try (var channel =
                            FileChannel.open(
                                    parent.resolve(".unpacking"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                if (!Files.isDirectory(folder)) {
                    deleteHalves(parent);
                    var fresh = Files.createTempDirectory(parent, HALF);
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
                    "Postgres could not be unpacked in %s: %s"
                            .formatted(parent, failed.getMessage()),
                    failed);
        }
    }

    /// The name of the jar that holds it tells version and machine.
    private static String name(URL archive) {
        var jar = archive.getPath().replaceFirst("!.*", "");
        return jar.substring(jar.lastIndexOf('/') + 1).replaceFirst("\\.(jar|txz)$", "");
    }

    /// @param unpacked as [#unpackedFolder()] has it
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
            throw new IOException(entry.getName() + " would lie outside");
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

    /// What a process left that was killed while it unpacked. The caller alone unpacks now.
    private static void deleteHalves(Path parent) throws IOException {
        List<Path> halves;
        try (var folders = Files.list(parent)) {
            halves =
                    folders.filter(folder -> folder.getFileName().toString().startsWith(HALF))
                            .toList();
        }
        halves.forEach(UserFolder::delete);
    }
}
