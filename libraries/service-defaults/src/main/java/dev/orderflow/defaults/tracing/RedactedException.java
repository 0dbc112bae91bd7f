package dev.orderflow.defaults.tracing;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A copy of an exception that is safe to log: it keeps the types, stack traces and messages, but
/// not what the messages quote, which may be personal data.
///
/// Jackson, Postgres and the JDK quote the value they refuse, in single or double quotes.
public final class RedactedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// From the first quotation mark to the last, since quoted text may contain quotation marks;
    /// and anything like an e-mail address. Matching takes linear time.
    private static final Pattern QUOTED =
            Pattern.compile(
                    "\"[\\s\\S]*\"|\"[\\s\\S]*|'[\\s\\S]*'"
                            + "|(?<![^\\s@<>])[^\\s@<>]++@[^\\s@<>]+");

    /// Names of database objects that Postgres quotes; they are not personal data.
    private static final Pattern NAMED =
            Pattern.compile("\\b(relation|constraint|column) \"([a-z0-9_]{1,63})\"");

    private static final int MAX_CAUSES = 8;

    private RedactedException(
            String message, @Nullable Throwable cause, StackTraceElement[] trace) {
        super(message, cause, false, true);
        setStackTrace(trace);
    }

    /// The redacted copy of a failure and its causes.
    public static RedactedException of(Throwable failure) {
        return of(failure, MAX_CAUSES);
    }

    private static RedactedException of(Throwable failure, int depth) {
        var message = failure.getMessage();
        var cause = failure.getCause();
        return new RedactedException(
                failure.getClass().getName() + (message == null ? "" : ": " + redact(message)),
                cause == null || depth == 0 ? null : of(cause, depth - 1),
                failure.getStackTrace());
    }

    /// A text without its quotations, except names of tables, columns and constraints.
    static String redact(String message) {
        return QUOTED.matcher(NAMED.matcher(message).replaceAll("$1 $2")).replaceAll("…");
    }

    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
