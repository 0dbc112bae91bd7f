package dev.orderflow.localrun;

import ch.qos.logback.core.FileAppender;
import dev.orderflow.localmachine.UserFolder;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Writes a log file that its user alone may read, wherever it lies. `logback.xml` names it.
///
/// @param <E> what is logged
public final class UserOnlyFileAppender<E> extends FileAppender<E> {

    private static final String PERMISSIONS = "rw-------";

    @Override
    public void openFile(String fileName) throws IOException {
        var file = Path.of(fileName);
        try {
            Files.createFile(file, UserFolder.onlyItsUser(PERMISSIONS));
        } catch (FileAlreadyExistsException earlier) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(PERMISSIONS));
        }
        super.openFile(fileName);
    }
}
