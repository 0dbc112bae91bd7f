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

/// A folder that goes with the process that made it. What a killed process left is deleted by the
/// next one.
public final class ScratchFolder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ScratchFolder.class);
    private static final String PREFIX = "scratch-";

    private final Path path;
    private final FolderLock lock;

    private ScratchFolder(Path path, FolderLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /// Makes one, and deletes those that nobody uses any more.
    ///
    /// @throws LocalPostgresException when there is no room for it
    public static ScratchFolder create() {
        return create(UserFolder.temporary());
    }

    static ScratchFolder create(Path parent) {
        sweep(parent);
        try {
            var folder =
                    Files.createTempDirectory(parent, PREFIX, UserFolder.onlyItsUser("rwx------"));
            return new ScratchFolder(folder, FolderLock.takeNew(folder));
        } catch (IOException | UncheckedIOException full) {
            throw new LocalPostgresException(
                    "no temporary folder can be made in %s: %s"
                            .formatted(parent, full.getMessage()),
                    full);
        }
    }

    /// Where it is.
    public Path path() {
        return path;
    }

    private static void sweep(Path parent) {
        for (var folder : unused(parent)) {
            try (var mine = FolderLock.take(folder).orElse(null)) {
                if (mine != null) {
                    // Its server would go on writing.
                    LeftoverServer.stop(folder.resolve(LocalPostgres.DATA));
                    UserFolder.delete(folder);
                }
            } catch (UncheckedIOException | LocalPostgresException kept) {
                // Somebody else was quicker, or it is looked at again by the next one.
                log.debug("{} was left alone", folder, kept);
            }
        }
    }

    private static List<Path> unused(Path parent) {
        try (var folders = Files.list(parent)) {
            return folders.filter(folder -> name(folder).startsWith(PREFIX))
                    .filter(FolderLock::isMarked)
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static String name(Path folder) {
        return Optional.ofNullable(folder.getFileName()).map(Path::toString).orElse("");
    }

    /// Deletes it.
    @Override
    public void close() {
        UserFolder.delete(path);
        lock.close();
    }
}
