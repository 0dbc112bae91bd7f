package dev.orderflow.localrun;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The class-data archive that `./orderflow` lets the JVM create when it ends, so that the next
/// system starts faster.
///
/// The launcher deletes an archive that is not marked as complete: it has only the classes of a
/// command that started no system, or whose start failed.
final class ClassArchive {

    /// The property with which the launcher names the archive.
    static final String PROPERTY = "orderflow.archive";

    private static final Logger log = LoggerFactory.getLogger(ClassArchive.class);

    private ClassArchive() {}

    /// Tells the launcher that this JVM has loaded the classes of a whole system. Does nothing if
    /// the launcher did not start this JVM.
    static void markComplete() {
        Optional.ofNullable(System.getProperty(PROPERTY))
                .map(Path::of)
                .ifPresent(ClassArchive::mark);
    }

    private static void mark(Path archive) {
        try {
            Files.createFile(archive.resolveSibling(archive.getFileName() + ".complete"));
        } catch (FileAlreadyExistsException _) {
            // An earlier system has marked it.
        } catch (IOException failed) {
            log.warn(
                    "the next start will be slow, because an archive of classes is missing",
                    failed);
        }
    }
}
