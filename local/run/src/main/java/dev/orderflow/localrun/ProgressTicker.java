package dev.orderflow.localrun;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Prints the current activity every few seconds, unless something else was printed meanwhile.
public final class ProgressTicker implements AutoCloseable {

    /// The longest time without output.
    public static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

    /// A longer line is shortened when it is repeated.
    static final int LONGEST_REPETITION = 80;

    private final Consumer<String> out;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    task -> Thread.ofPlatform().daemon().name("progress").unstarted(task));
    private volatile Supplier<String> what;
    private volatile long lastPrinted = System.nanoTime();
    private String lastActivity = "";

    /// @param out prints one line
    /// @param what the current activity; empty when there is nothing to print
    public ProgressTicker(Consumer<String> out, Supplier<String> what) {
        this(out, what, LONGEST_SILENCE);
    }

    ProgressTicker(Consumer<String> out, Supplier<String> what, Duration longestSilence) {
        this.out = out;
        this.what = what;
        long step = Math.max(1, longestSilence.toMillis() / 10);
        thread.scheduleWithFixedDelay(
                () -> tick(longestSilence), step, step, TimeUnit.MILLISECONDS);
    }

    /// Prints a line now.
    public void print(String line) {
        synchronized (out) {
            lastPrinted = System.nanoTime();
            out.accept(line);
        }
    }

    /// Sets the current activity.
    ///
    /// @param next supplies its description
    public void setActivity(Supplier<String> next) {
        what = next;
    }

    private void tick(Duration longestSilence) {
        if (System.nanoTime() - lastPrinted < longestSilence.toNanos()) {
            return;
        }
        String line;
        try {
            line = what.get();
        } catch (RuntimeException _) {
            return;
        }
        if (!line.isEmpty()) {
            print(
                    line.equals(lastActivity) && line.length() > LONGEST_REPETITION
                            ? line.substring(0, LONGEST_REPETITION - 1) + "…"
                            : line);
            lastActivity = line;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
