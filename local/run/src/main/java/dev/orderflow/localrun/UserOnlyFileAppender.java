package dev.orderflow.localrun;

import ch.qos.logback.core.FileAppender;
import dev.orderflow.localmachine.UserFolder;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Writes a log file that only its user can read. Used by `logback.xml`.
///
/// @param <E> the type of log events
public final class UserOnlyFileAppender<E> extends FileAppender<E> {

    private static final String PERMISSIONS = "rw-------";

    @Override
    public void openFile(String fileName) throws IOException {
        var file = Path.of(fileName);
        try {
            Files.createFile(file, UserFolder.permissionAttribute(PERMISSIONS));
        } catch (FileAlreadyExistsException _) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(PERMISSIONS));
        }
        super.openFile(fileName);
    }
}
