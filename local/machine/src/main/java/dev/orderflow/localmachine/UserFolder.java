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

/// The folders of one user on this machine, which no other user may look into.
public final class UserFolder {

    private static final Set<PosixFilePermission> FOR_ITS_USER =
            PosixFilePermissions.fromString("rwx------");
    private static final int MOST_NAMES = 10;

    private UserFolder() {}

    /// Where logs, run files and whatever is thrown away lie: `orderflow-USER` in the folder for
    /// temporary files. When another user has taken that name, the next one of ten.
    ///
    /// @throws LocalMachineException when there can be no such folder
    public static Path temporary() {
        return temporary(Path.of(System.getProperty("java.io.tmpdir")), userName());
    }

    static Path temporary(Path parent, String user) {
        for (int number = 0; number < MOST_NAMES; number++) {
            var folder = parent.resolve("orderflow-" + user + (number == 0 ? "" : "-" + number));
            if (isOurs(folder) || create(folder)) {
                return folder;
            }
        }
        throw new LocalMachineException(
                "no folder orderflow-%s can be made in %s; make room there or name another with -Djava.io.tmpdir in JAVA_TOOL_OPTIONS"
                        .formatted(user, parent));
    }

    /// Where that lies which can be made again and is worth keeping: `orderflow` in the user's
    /// folder for caches, or else the temporary one.
    public static Path cache() {
        var home = System.getProperty("user.home", "");
        return cache(System.getenv("XDG_CACHE_HOME"), Path.of(home));
    }

    static Path cache(@Nullable String named, Path home) {
        var parent =
                named != null && named.startsWith("/") ? Path.of(named) : home.resolve(".cache");
        try {
            if (parent.isAbsolute() && (named != null || Files.isDirectory(home))) {
                Files.createDirectories(parent);
                var folder = parent.resolve("orderflow");
                if ((isOurs(folder) || create(folder)) && Files.isWritable(folder)) {
                    return folder;
                }
            }
        } catch (IOException notThere) {
            // then it is made anew after every restart of the machine
        }
        return temporary();
    }

    /// The user's name as it can stand in a file's name.
    public static String userName() {
        var name = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
        return name.isEmpty() ? "_" : name;
    }

    /// What makes a new file or folder one that only its user reads.
    public static FileAttribute<?> onlyItsUser(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private static boolean create(Path folder) {
        try {
            Files.createDirectory(folder, onlyItsUser("rwx------"));
            return true;
        } catch (FileAlreadyExistsException another) {
            // Of two processes that start at once, one comes second.
            return isOurs(folder);
        } catch (IOException notPossible) {
            return false;
        }
    }

    /// Whether it is a folder of this user, and closed to others from now on.
    private static boolean isOurs(Path folder) {
        try {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(folder).equals(me())) {
                return false;
            }
            if (!Files.getPosixFilePermissions(folder).equals(FOR_ITS_USER)) {
                Files.setPosixFilePermissions(folder, FOR_ITS_USER);
            }
            return true;
        } catch (IOException notThere) {
            return false;
        }
    }

    private static UserPrincipal me() throws IOException {
        try {
            return FileSystems.getDefault()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(System.getProperty("user.name", ""));
        } catch (UserPrincipalNotFoundException nameless) {
            // As in a container that was started with a number.
            var probe = Files.createTempFile("orderflow", ".owner");
            try {
                return Files.getOwner(probe);
            } finally {
                Files.deleteIfExists(probe);
            }
        }
    }

    /// Deletes a folder with all there is in it, as far as that is possible; whatever somebody else
    /// deletes meanwhile is gone too.
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
                        public FileVisitResult visitFileFailed(Path file, IOException gone) {
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path directory, @Nullable IOException failed) throws IOException {
                            try {
                                Files.deleteIfExists(directory);
                            } catch (DirectoryNotEmptyException written) {
                                // by who is just ending; the next sweep takes it
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (NoSuchFileException gone) {
            // that is what was wanted
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot delete " + folder, failed);
        }
    }
}
