package dev.orderflow.localrun;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Closes what is open when the process is told to end, by Ctrl-C or another signal: the latest
/// first, and one after another.
///
/// Whoever starts something registers it before the first child process or folder is there, so that
/// there is no moment at which something would stay.
public final class Shutdown {

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();
    private static boolean installed;
    private static boolean underWay;
    private static @Nullable PrintStream announcements;

    private Shutdown() {}

    /// Says on a stream that and what is being stopped; without this it happens silently.
    static synchronized void setOutput(PrintStream out) {
        announcements = out;
    }

    /// Has something closed when the process is told to end. Whoever closes it earlier tells so.
    ///
    /// @return to be closed when there is nothing left to be closed
    /// @throws IllegalStateException when the process is ending already
    public static synchronized ShutdownRegistration register(AutoCloseable what) {
        if (underWay) {
            throw new IllegalStateException("stopping");
        }
        if (!installed) {
            Runtime.getRuntime().addShutdownHook(new Thread(Shutdown::closeAll, "stop"));
            installed = true;
        }
        OPEN.push(what);
        return () -> forget(what);
    }

    /// What is registered.
    @FunctionalInterface
    public interface ShutdownRegistration extends AutoCloseable {
        @Override
        void close();
    }

    /// Whether the process is ending. What fails from now on fails for that reason.
    public static synchronized boolean isInProgress() {
        return underWay;
    }

    private static synchronized void forget(AutoCloseable what) {
        OPEN.removeFirstOccurrence(what);
    }

    private static synchronized List<AutoCloseable> begin() {
        underWay = true;
        return List.copyOf(OPEN);
    }

    private static void closeAll() {
        var open = begin();
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
        } catch (Exception stubborn) {
            LoggerFactory.getLogger(Shutdown.class).warn("a part did not stop cleanly", stubborn);
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
