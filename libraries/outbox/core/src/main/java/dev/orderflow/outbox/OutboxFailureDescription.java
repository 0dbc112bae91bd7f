package dev.orderflow.outbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// Says in words why a call of a target or of the database failed, for log lines, results and the
/// state of a target. The words name no class of an exception, which their readers do not know, and
/// quote no message, which may contain what an event contains. A test holds that they are those of
/// the services.
public final class OutboxFailureDescription {

    /// A call without a response, of which nothing else is known.
    public static final String NO_RESPONSE = "no response";

    /// A call whose response did not come within its time limit.
    public static final String NO_RESPONSE_IN_TIME = "no response in time";

    private static final Pattern FAILURE_ENDING = Pattern.compile("(?:Exception|Error)$");
    private static final Pattern WORD_BOUNDARY =
            Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    /// Deeper than any chain of causes of the clients in use.
    private static final int MAX_DEPTH = 16;

    private OutboxFailureDescription() {}

    /// Why a call failed. If nothing is known about the kind of the failure, its class as words:
    /// `illegal state` for an `IllegalStateException`.
    public static String of(Throwable failure) {
        var causes = causes(failure);
        return kind(causes).orElseGet(() -> className(causes));
    }

    /// Why a call failed.
    ///
    /// @param unknown the words if nothing is known about the kind of the failure
    public static String of(Throwable failure, String unknown) {
        return kind(causes(failure)).orElse(unknown);
    }

    /// Why something failed that is not expected to fail, and where in the code.
    static String withOrigin(Throwable failure) {
        var frames = failure.getStackTrace();
        return frames.length == 0 ? of(failure) : of(failure) + " at " + frames[0];
    }

    private static List<Throwable> causes(Throwable failure) {
        var causes = new ArrayList<Throwable>();
        @Nullable Throwable cause = failure;
        while (cause != null && causes.size() < MAX_DEPTH) {
            causes.add(cause);
            cause = cause.getCause();
        }
        return causes;
    }

    /// The first kind that fits decides: a failure of the database may be caused by a time-out of
    /// its driver, and a connect time-out by a refused connection.
    private static Optional<String> kind(List<Throwable> causes) {
        return database(causes).or(() -> connection(causes)).or(() -> response(causes));
    }

    private static Optional<String> database(List<Throwable> causes) {
        var state =
                causes.stream()
                        .filter(SQLException.class::isInstance)
                        .map(cause -> ((SQLException) cause).getSQLState())
                        .filter(Objects::nonNull)
                        .findFirst();
        if (state.isPresent()) {
            return Optional.of("database call failed with SQLSTATE " + state.get());
        }
        if (hasAny(causes, SQLException.class)) {
            return Optional.of("no connection to the database");
        }
        return hasAny(causes, DataAccessException.class, TransactionException.class)
                ? Optional.of("database call failed")
                : Optional.empty();
    }

    /// Nothing was sent.
    private static Optional<String> connection(List<Throwable> causes) {
        if (hasAny(causes, UnknownHostException.class, UnresolvedAddressException.class)) {
            return Optional.of("unknown host");
        }
        if (hasAny(causes, HttpConnectTimeoutException.class)) {
            return Optional.of("no connection in time");
        }
        if (hasAny(causes, NoRouteToHostException.class)) {
            return Optional.of("no route to the host");
        }
        if (hasAny(causes, ConnectException.class)) {
            return Optional.of("connection refused");
        }
        return hasAny(causes, SSLException.class)
                ? Optional.of("no encrypted connection")
                : Optional.empty();
    }

    /// Something may have been sent, and there is no complete response.
    private static Optional<String> response(List<Throwable> causes) {
        if (hasAny(
                causes,
                HttpTimeoutException.class,
                SocketTimeoutException.class,
                TimeoutException.class)) {
            return Optional.of(NO_RESPONSE_IN_TIME);
        }
        if (hasAny(
                causes,
                InterruptedException.class,
                InterruptedIOException.class,
                ClosedByInterruptException.class)) {
            return Optional.of("interrupted");
        }
        return hasAny(causes, IOException.class)
                ? Optional.of("no complete response")
                : Optional.empty();
    }

    private static boolean hasAny(List<Throwable> causes, Class<?>... kinds) {
        return causes.stream().anyMatch(cause -> isAny(cause, kinds));
    }

    private static boolean isAny(Throwable cause, Class<?>... kinds) {
        for (var kind : kinds) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String className(List<Throwable> causes) {
        var named =
                causes.stream()
                        .filter(
                                cause ->
                                        !isAny(
                                                cause,
                                                CompletionException.class,
                                                ExecutionException.class))
                        .findFirst()
                        .orElse(causes.getFirst());
        Class<?> type = named.getClass();
        while (type.isAnonymousClass()) {
            type = type.getSuperclass();
        }
        var name = FAILURE_ENDING.matcher(type.getSimpleName()).replaceFirst("");
        return name.isEmpty()
                ? "unknown failure"
                : String.join(" ", WORD_BOUNDARY.split(name)).toLowerCase(Locale.ROOT);
    }
}
