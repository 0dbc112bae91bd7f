package dev.orderflow.localrun;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/// The key that seals personal data on this machine: a new one at every start, and with kept data
/// the one they were sealed with, in a file beside them that only its user reads.
public final class PersonalDataKey {

    private static final String FILE = "personal-data.key";
    private static final int BYTES = 32;

    private PersonalDataKey() {}

    /// The key of the data in a folder, made when there is none.
    ///
    /// @param data where data are kept, if they are
    /// @return 32 bytes as base64
    public static String of(Optional<Path> data) {
        return data.map(PersonalDataKey::readOrCreate).orElseGet(PersonalDataKey::generate);
    }

    private static String readOrCreate(Path folder) {
        var file = folder.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(folder);
                Files.writeString(Files.createFile(file, ownerOnlyPermissions(folder)), generate());
            }
            return Files.readString(file).strip();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot keep a key in " + folder, failed);
        }
    }

    private static FileAttribute<?>[] ownerOnlyPermissions(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static String generate() {
        var bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
