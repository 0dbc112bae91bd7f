package dev.orderflow.localpostgres;

import dev.orderflow.localmachine.UserFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A temporary folder that is deleted when it is closed. If the process was killed, the next
/// process that creates a scratch folder deletes it.
public final class ScratchFolder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ScratchFolder.class);
    private static final String PREFIX = "scratch-";

    private final Path path;
    private final FolderLock lock;

    private ScratchFolder(Path path, FolderLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /// Creates a folder and deletes those of ended processes.
    ///
    /// @throws LocalPostgresException if the folder cannot be created
    public static ScratchFolder create() {
        return create(UserFolder.temporary());
    }

    static ScratchFolder create(Path parent) {
        sweep(parent);
        try {
            var folder =
                    Files.createTempDirectory(
                            parent, PREFIX, UserFolder.permissionAttribute("rwx------"));
            return new ScratchFolder(folder, FolderLock.takeNew(folder));
        } catch (IOException | UncheckedIOException failure) {
            throw new LocalPostgresException(
                    "cannot create a temporary folder in %s: %s"
                            .formatted(parent, failure.getMessage()),
                    failure);
        }
    }

    /// The path of the folder.
    public Path path() {
        return path;
    }

    private static void sweep(Path parent) {
        for (var folder : unused(parent)) {
            try (var owned = FolderLock.take(folder).orElse(null)) {
                if (owned != null) {
                    // A server that still runs would continue to write into the folder.
                    LeftoverServer.stop(folder.resolve(LocalPostgres.DATA));
                    UserFolder.delete(folder);
                }
            } catch (UncheckedIOException | LocalPostgresException failure) {
                // Another process deletes it, or the next sweep does.
                log.debug("scratch folder {} was not deleted", folder, failure);
            }
        }
    }

    private static List<Path> unused(Path parent) {
        try (var folders = Files.list(parent)) {
            return folders.filter(folder -> name(folder).startsWith(PREFIX))
                    .filter(FolderLock::isMarked)
                    .toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    private static String name(Path folder) {
        return Optional.ofNullable(folder.getFileName()).map(Path::toString).orElse("");
    }

    /// Deletes the folder.
    @Override
    public void close() {
        UserFolder.delete(path);
        lock.close();
    }
}
