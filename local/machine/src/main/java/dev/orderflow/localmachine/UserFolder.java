package dev.orderflow.localmachine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The folders of the current user on this machine, which no other user can read.
public final class UserFolder {

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");
    private static final int MAX_NAMES = 10;

    private UserFolder() {}

    /// The folder of logs, run files and scratch data: `orderflow-USER` in the folder for temporary
    /// files. If the name is taken by another user, a number from 1 to 9 is appended.
    ///
    /// @throws LocalMachineException if no such folder can be created
    public static Path temporary() {
        return temporary(Path.of(System.getProperty("java.io.tmpdir")), userName());
    }

    static Path temporary(Path parent, String user) {
        for (int number = 0; number < MAX_NAMES; number++) {
            var folder = parent.resolve("orderflow-" + user + (number == 0 ? "" : "-" + number));
            if (isOurs(folder) || create(folder)) {
                return folder;
            }
        }
        throw new LocalMachineException(
                "cannot create a folder orderflow-%s in %s; make room there or choose another parent with -Djava.io.tmpdir in JAVA_TOOL_OPTIONS"
                        .formatted(user, parent));
    }

    /// The folder of files that are worth keeping but can be created again: `orderflow` in the
    /// user's cache folder, or [#temporary()] if the user has no cache folder.
    public static Path cache() {
        var home = System.getProperty("user.home", "");
        return cache(System.getenv("XDG_CACHE_HOME"), Path.of(home));
    }

    static Path cache(@Nullable String named, Path home) {
        return userFolder(named, home, ".cache");
    }

    private static Path userFolder(@Nullable String named, Path home, String standard) {
        var parent =
                named != null && named.startsWith("/") ? Path.of(named) : home.resolve(standard);
        try {
            if (parent.isAbsolute() && (named != null || Files.isDirectory(home))) {
                Files.createDirectories(parent);
                var folder = parent.resolve("orderflow");
                if ((isOurs(folder) || create(folder)) && Files.isWritable(folder)) {
                    return folder;
                }
            }
        } catch (IOException _) {
            // The temporary folder is used; its content is lost when the machine restarts.
        }
        return temporary();
    }

    /// The folder of files that are worth keeping, such as sessions: `orderflow` in the user's
    /// state folder (`XDG_STATE_HOME`, `~/.local/state`), or [#temporary()] if the user has no such
    /// folder.
    public static Path state() {
        var home = System.getProperty("user.home", "");
        return userFolder(System.getenv("XDG_STATE_HOME"), Path.of(home), ".local/state");
    }

    /// The user's name with only characters that are safe in file names.
    private static String userName() {
        var name = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
        return name.isEmpty() ? "_" : name;
    }

    /// The attribute that creates a file or folder with these permissions, for example `rw-------`.
    public static FileAttribute<?> permissionAttribute(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private static boolean create(Path folder) {
        try {
            Files.createDirectory(folder, permissionAttribute("rwx------"));
            return true;
        } catch (FileAlreadyExistsException _) {
            // A concurrent process may have created it.
            return isOurs(folder);
        } catch (IOException _) {
            return false;
        }
    }

    /// Whether this user owns the folder. If so, permissions of other users are removed.
    private static boolean isOurs(Path folder) {
        try {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(folder).equals(currentUser())) {
                return false;
            }
            if (!Files.getPosixFilePermissions(folder).equals(OWNER_ONLY)) {
                Files.setPosixFilePermissions(folder, OWNER_ONLY);
            }
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static UserPrincipal currentUser() throws IOException {
        try {
            return FileSystems.getDefault()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(System.getProperty("user.name", ""));
        } catch (UserPrincipalNotFoundException _) {
            // The user id has no name, as in a container that runs with a numeric user.
            var probe = Files.createTempFile("orderflow", ".owner");
            try {
                return Files.getOwner(probe);
            } finally {
                Files.deleteIfExists(probe);
            }
        }
    }

    /// Deletes a folder with its content. Files that another process deletes at the same time, and
    /// files that it adds, are no error.
    public static void delete(Path folder) {
        try {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.deleteIfExists(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException failure) {
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path directory, @Nullable IOException failed) throws IOException {
                            try {
                                Files.deleteIfExists(directory);
                            } catch (DirectoryNotEmptyException _) {
                                // An ending process wrote a file; the next sweep deletes it.
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (NoSuchFileException _) {
            // It is already deleted.
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot delete " + folder, failed);
        }
    }
}
