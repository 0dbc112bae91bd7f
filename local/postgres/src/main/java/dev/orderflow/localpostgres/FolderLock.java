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

/// Says that a process works in a folder. The operating system takes it away when the process ends,
/// in whatever way.
final class FolderLock implements AutoCloseable {

    private static final String FILE = ".in-use";

    /// What this process has taken. The system's locks are the whole process's: to open such a file
    /// a second time and close it again would give the folder away.
    private static final Set<Path> TAKEN = new HashSet<>();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /// Takes a folder that others may know, or leaves it.
    ///
    /// @return empty when another process, or another part of this one, works in it
    static Optional<FolderLock> take(Path folder) {
        return take(folder, FILE);
    }

    /// Takes a folder that was made a moment ago. Who cleans up finds no lock in it or a taken one.
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

    /// Whether somebody has or had taken the folder.
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
                } catch (IOException useless) {
                    // The lock goes with the process at the latest.
                }
            }
        }
    }
}
