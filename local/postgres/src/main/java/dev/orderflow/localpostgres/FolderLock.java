package dev.orderflow.localpostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// An exclusive lock on a folder. The operating system releases it when the process ends, even if
/// the process is killed.
final class FolderLock implements AutoCloseable {

    private static final String FILE = ".in-use";

    /// The folders that this process has locked. A file lock belongs to the whole process: opening
    /// the lock file a second time and closing it again would release the lock.
    private static final Set<Path> TAKEN = new HashSet<>();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /// Locks a folder that other processes may know.
    ///
    /// @return empty if another process, or this process already, has locked it
    static Optional<FolderLock> take(Path folder) {
        return take(folder, FILE);
    }

    /// Locks a folder that was just created. A concurrent cleanup finds either no lock file in it
    /// or a locked one, never an unlocked one.
    static FolderLock takeNew(Path folder) {
        var lock =
                take(folder, FILE + ".new")
                        .orElseThrow(() -> new IllegalStateException(folder + " is not new"));
        try {
            Files.move(
                    folder.resolve(FILE + ".new"),
                    folder.resolve(FILE),
                    StandardCopyOption.ATOMIC_MOVE);
            return lock;
        } catch (IOException failed) {
            lock.close();
            throw new UncheckedIOException("cannot use " + folder, failed);
        }
    }

    /// Whether the folder is or was locked.
    static boolean isMarked(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    private static Optional<FolderLock> take(Path folder, String file) {
        synchronized (TAKEN) {
            try {
                var real = folder.toRealPath();
                if (TAKEN.contains(real)) {
                    return Optional.empty();
                }
                var channel =
                        FileChannel.open(
                                real.resolve(file),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                if (channel.tryLock() == null) {
                    channel.close();
                    return Optional.empty();
                }
                TAKEN.add(real);
                return Optional.of(new FolderLock(real, channel));
            } catch (IOException failed) {
                throw new UncheckedIOException("cannot use " + folder, failed);
            }
        }
    }

    @Override
    public void close() {
        synchronized (TAKEN) {
            if (TAKEN.remove(folder)) {
                try {
                    channel.close();
                } catch (IOException _) {
                    // The lock is released at the end of the process at the latest.
                }
            }
        }
    }
}
