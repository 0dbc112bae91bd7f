package dev.orderflow.localrun;

import java.io.PrintStream;
import java.time.Duration;

/// Writes for a person: plain where the output is a file, a little colour on a terminal.
final class ConsoleOutput implements StartProgress {

    private final PrintStream out;
    private final boolean colour;

    private final String announcement;

    /// @param announcement printed when the start begins; a start that is refused prints nothing
    ConsoleOutput(String announcement) {
        this.announcement = announcement;
        this.out = System.out;
        this.colour = System.console() != null && System.getenv("NO_COLOR") == null;
    }

    /// Prints a line, unless the process is shutting down.
    void line(String text) {
        if (!Shutdown.isInProgress()) {
            out.println(text);
            out.flush();
        }
    }

    void heading(String text) {
        line("");
        line(colour ? "\u001b[1m" + text + "\u001b[0m" : text);
    }

    void good(String text) {
        line("  " + (colour ? "\u001b[32m✓\u001b[0m" : "✓") + " " + text);
    }

    void bad(String text) {
        line("  " + (colour ? "\u001b[31m✗\u001b[0m" : "✗") + " " + text);
    }

    @Override
    public void reportStarting() {
        line(announcement);
    }

    @Override
    public void reportStarted(String what, Duration took) {
        line("  %5.1f s  %s".formatted(took.toMillis() / 1000.0, what));
    }

    @Override
    public void reportWaiting(String what) {
        line("         …  " + what);
    }
}
