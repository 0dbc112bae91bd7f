package dev.orderflow.localrun;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Closes all registered resources when the process is terminated by Ctrl-C or another signal, one
/// after another, in reverse order of registration.
///
/// A resource must be registered before its first child process or folder is created, so that
/// nothing remains at any moment of termination.
public final class Shutdown {

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();
    private static boolean installed;
    private static boolean inProgress;
    private static @Nullable PrintStream announcements;

    private Shutdown() {}

    /// Prints the progress of the shutdown on a stream; without it nothing is printed.
    static synchronized void setOutput(PrintStream out) {
        announcements = out;
    }

    /// Registers a resource to be closed on termination.
    ///
    /// @return removes the registration when closed; to be called when the resource was closed
    ///     earlier
    /// @throws IllegalStateException when the process is already terminating
    public static synchronized ShutdownRegistration register(AutoCloseable what) {
        if (inProgress) {
            throw new IllegalStateException("stopping");
        }
        if (!installed) {
            Runtime.getRuntime().addShutdownHook(new Thread(Shutdown::closeAll, "stop"));
            installed = true;
        }
        OPEN.push(what);
        return () -> forget(what);
    }

    /// The registration of a resource.
    @FunctionalInterface
    public interface ShutdownRegistration extends AutoCloseable {
        @Override
        void close();
    }

    /// Whether the process is terminating, which explains any failure from now on.
    public static synchronized boolean isInProgress() {
        return inProgress;
    }

    private static synchronized void forget(AutoCloseable what) {
        OPEN.removeFirstOccurrence(what);
    }

    private static synchronized List<AutoCloseable> start() {
        inProgress = true;
        return List.copyOf(OPEN);
    }

    private static void closeAll() {
        var open = start();
        if (open.isEmpty()) {
            return;
        }
        say("");
        say("Stopping …");
        var began = System.nanoTime();
        try (var _ =
                new ProgressTicker(
                        Shutdown::say,
                        () ->
                                "  still stopping after %d s"
                                        .formatted(
                                                Duration.ofNanos(System.nanoTime() - began)
                                                        .toSeconds()))) {
            open.forEach(Shutdown::close);
        }
        say("Stopped.");
    }

    private static void close(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception failure) {
            LoggerFactory.getLogger(Shutdown.class).warn("a component failed to stop", failure);
        }
    }

    /// Prints a line of a command, unless the process is stopping: its last line would otherwise
    /// appear between those of the shutdown.
    public static void printUnlessStopping(PrintWriter out, String line) {
        if (!isInProgress()) {
            out.println(line);
            out.flush();
        }
    }

    private static void say(String line) {
        var out = announcements;
        if (out != null) {
            out.println(line);
            out.flush();
        }
    }
}
