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

/// The encryption key of personal data on this machine. With a data folder it is stored there, in a
/// file that only its user can read; otherwise a new key is generated at every start.
public final class PersonalDataKey {

    private static final String FILE = "personal-data.key";
    private static final int BYTES = 32;

    private PersonalDataKey() {}

    /// Reads the key of a data folder, or generates one.
    ///
    /// @param data the data folder, if data are kept
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
