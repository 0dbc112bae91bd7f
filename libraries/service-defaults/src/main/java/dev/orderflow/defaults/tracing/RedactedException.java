package dev.orderflow.defaults.tracing;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A failure as it may be logged: with its types, stack traces and the words of its messages, but
/// without what those quote, which may be what a customer sent.
///
/// Jackson, Postgres and the JDK quote the value they refuse, in single or double quotes.
public final class RedactedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// From the first quotation mark to the last, since what is quoted may hold some itself; and
    /// what looks like an e-mail address. Takes time in proportion to the text.
    private static final Pattern QUOTED =
            Pattern.compile(
                    "\"[\\s\\S]*\"|\"[\\s\\S]*|'[\\s\\S]*'"
                            + "|(?<![^\\s@<>])[^\\s@<>]++@[^\\s@<>]+");

    /// What Postgres calls by its name, which is ours and tells what is wrong.
    private static final Pattern NAMED =
            Pattern.compile("\\b(relation|constraint|column) \"([a-z0-9_]{1,63})\"");

    private static final int DEEPEST = 8;

    private RedactedException(
            String message, @Nullable Throwable cause, StackTraceElement[] trace) {
        super(message, cause, false, true);
        setStackTrace(trace);
    }

    /// The same failure, without quotations.
    public static RedactedException of(Throwable failure) {
        return of(failure, DEEPEST);
    }

    private static RedactedException of(Throwable failure, int depth) {
        var message = failure.getMessage();
        var cause = failure.getCause();
        return new RedactedException(
                failure.getClass().getName() + (message == null ? "" : ": " + redact(message)),
                cause == null || depth == 0 ? null : of(cause, depth - 1),
                failure.getStackTrace());
    }

    /// A text without what it quotes, names of tables, columns and constraints excepted.
    static String redact(String message) {
        return QUOTED.matcher(NAMED.matcher(message).replaceAll("$1 $2")).replaceAll("…");
    }

    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
