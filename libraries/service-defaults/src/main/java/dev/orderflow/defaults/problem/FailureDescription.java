package dev.orderflow.defaults.problem;

import dev.orderflow.defaults.database.DatabaseFailures;
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
import java.time.Duration;
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
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import tools.jackson.core.JacksonException;

/// Says in words why a call of another system or of the database failed, for log lines, incidents
/// and problems. The words name no class, which their readers do not know, and quote no message,
/// which may contain personal data.
public final class FailureDescription {

    private static final Pattern FAILURE_CLASS =
            Pattern.compile("\\b(?:[a-z]+\\.)*([A-Z][A-Za-z0-9]*)(?:Exception|Error)\\b");
    private static final Pattern FAILURE_ENDING = Pattern.compile("(?:Exception|Error)$");
    private static final Pattern WORD_BOUNDARY =
            Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    /// Deeper than any chain of causes of the clients in use.
    private static final int MAX_DEPTH = 16;

    private FailureDescription() {}

    /// Why a call failed. If nothing is known about the kind of the failure, its class as words:
    /// `illegal state` for an `IllegalStateException`.
    public static String of(Throwable failure) {
        return describe(failure, null);
    }

    /// Why a call with a time limit failed.
    ///
    /// @param timeout how long the response may take
    public static String of(Throwable failure, Duration timeout) {
        return describe(failure, timeout);
    }

    /// A response with an HTTP status that is of no use.
    public static String describeStatus(int status) {
        return "answered " + status;
    }

    /// A response whose body is not what its status promises.
    public static String unreadableAnswer(int status) {
        return "unreadable answer with status " + status;
    }

    private static String describe(Throwable failure, @Nullable Duration timeout) {
        var causes = causes(failure);
        // The first kind that fits decides: a failure of the database may be caused by a time-out
        // of its driver, and a connect time-out by a refused connection.
        return answer(causes)
                .or(() -> database(failure, causes))
                .or(() -> connection(causes))
                .or(() -> response(causes, timeout))
                .or(() -> unknownKind(causes))
                .orElseGet(() -> words(causes));
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

    private static Optional<String> answer(List<Throwable> causes) {
        return causes.stream()
                .filter(SdkServiceException.class::isInstance)
                .map(SdkServiceException.class::cast)
                .map(failure -> describeStatus(failure.statusCode()) + errorCode(failure))
                .findFirst();
    }

    private static String errorCode(SdkServiceException failure) {
        var details =
                failure instanceof AwsServiceException answered ? answered.awsErrorDetails() : null;
        return details == null || details.errorCode() == null ? "" : " " + details.errorCode();
    }

    private static Optional<String> database(Throwable failure, List<Throwable> causes) {
        // The pool's own exception has no SQLSTATE, but the driver's below it has.
        var state =
                DatabaseFailures.sqlState(failure)
                        .or(
                                () ->
                                        causes.stream()
                                                .filter(SQLException.class::isInstance)
                                                .map(cause -> ((SQLException) cause).getSQLState())
                                                .filter(Objects::nonNull)
                                                .findFirst());
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

    /// Something was sent, and there is no complete response.
    private static Optional<String> response(List<Throwable> causes, @Nullable Duration timeout) {
        if (hasAny(
                causes,
                HttpTimeoutException.class,
                SocketTimeoutException.class,
                TimeoutException.class,
                ApiCallTimeoutException.class,
                ApiCallAttemptTimeoutException.class)) {
            return Optional.of(
                    timeout == null
                            ? "no response in time"
                            : "no response within " + text(timeout));
        }
        if (hasAny(
                causes,
                InterruptedException.class,
                InterruptedIOException.class,
                ClosedByInterruptException.class,
                AbortedException.class)) {
            return Optional.of("interrupted");
        }
        return hasAny(causes, JacksonException.class)
                ? Optional.of("unreadable answer")
                : Optional.empty();
    }

    private static Optional<String> unknownKind(List<Throwable> causes) {
        if (hasAny(causes, IOException.class)) {
            // The connection was lost, or the time limit ended in the body: Spring closes the body
            // then, and the exceptions do not tell which of the two it was.
            return Optional.of("no complete response");
        }
        return hasAny(causes, SdkException.class) ? Optional.of("no response") : Optional.empty();
    }

    private static String text(Duration timeout) {
        return timeout.toMillis() % 1_000 == 0
                ? timeout.toSeconds() + " s"
                : timeout.toMillis() + " ms";
    }

    private static String words(List<Throwable> causes) {
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
        return name.isEmpty() ? "unknown failure" : spaced(name);
    }

    private static String spaced(String className) {
        return String.join(" ", WORD_BOUNDARY.split(className)).toLowerCase(Locale.ROOT);
    }

    /// Replaces the names of exceptions in a text of another system, such as an error code of AWS:
    /// `ThrottlingException` becomes `throttling`.
    public static String replaceClasses(String text) {
        return FAILURE_CLASS.matcher(text).replaceAll(failure -> spaced(failure.group(1)));
    }
}
