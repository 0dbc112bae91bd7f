package dev.orderflow.localrun;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Says every few seconds what is being waited for, unless something else was said meanwhile.
public final class ProgressTicker implements AutoCloseable {

    /// How long nothing is said at most.
    public static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

    private final Consumer<String> out;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    task -> Thread.ofPlatform().daemon().name("progress").unstarted(task));
    private volatile Supplier<String> what;
    private volatile long lastSaid = System.nanoTime();

    /// @param out prints one line
    /// @param what is under way now; empty when there is nothing to say
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

    /// Says something now.
    public void print(String line) {
        synchronized (out) {
            lastSaid = System.nanoTime();
            out.accept(line);
        }
    }

    /// Something else begins.
    ///
    /// @param next is under way from now on
    public void setActivity(Supplier<String> next) {
        what = next;
    }

    private void tick(Duration longestSilence) {
        if (System.nanoTime() - lastSaid < longestSilence.toNanos()) {
            return;
        }
        String line;
        try {
            line = what.get();
        } catch (RuntimeException goneMeanwhile) {
            return;
        }
        if (!line.isEmpty()) {
            print(line);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
