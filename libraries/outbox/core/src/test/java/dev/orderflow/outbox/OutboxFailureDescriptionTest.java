package dev.orderflow.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionTimedOutException;

/// Its failures are public, because a test of order-service compares their words with those of the
/// services.
public class OutboxFailureDescriptionTest {

    public static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(
                        new QueryTimeoutException("x", new SQLException("x", "57014")),
                        "database call failed with SQLSTATE 57014"),
                Arguments.of(
                        new CannotCreateTransactionException(
                                "x",
                                new SQLTransientConnectionException(
                                        "none is left", new SQLException("x", "08001"))),
                        "database call failed with SQLSTATE 08001"),
                Arguments.of(
                        new CannotGetJdbcConnectionException(
                                "x", new SQLException("x", "08006", new SocketTimeoutException())),
                        "database call failed with SQLSTATE 08006"),
                Arguments.of(
                        new CannotGetJdbcConnectionException("x", new SQLException("none is left")),
                        "no connection to the database"),
                Arguments.of(new OptimisticLockingFailureException("x"), "database call failed"),
                Arguments.of(new TransactionTimedOutException("x"), "database call failed"),
                Arguments.of(new UnknownHostException("x"), "unknown host"),
                Arguments.of(new UnresolvedAddressException(), "unknown host"),
                Arguments.of(
                        new HttpConnectTimeoutException("x").initCause(new ConnectException("x")),
                        "no connection in time"),
                Arguments.of(new NoRouteToHostException("x"), "no route to the host"),
                Arguments.of(new ConnectException("x"), "connection refused"),
                Arguments.of(new SSLHandshakeException("x"), "no encrypted connection"),
                Arguments.of(new HttpTimeoutException("x"), "no response in time"),
                Arguments.of(new SocketTimeoutException("x"), "no response in time"),
                Arguments.of(new TimeoutException("x"), "no response in time"),
                Arguments.of(new InterruptedException("x"), "interrupted"),
                Arguments.of(new InterruptedIOException("x"), "interrupted"),
                Arguments.of(new ClosedByInterruptException(), "interrupted"),
                Arguments.of(new EOFException("x"), "no complete response"),
                Arguments.of(
                        new UncheckedIOException(new IOException("x")), "no complete response"));
    }

    private static final class Breakdown extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    public static Stream<Arguments> unknownKinds() {
        return Stream.of(
                Arguments.of(new IllegalStateException("Ada"), "illegal state"),
                Arguments.of(new IllegalStateException("Ada") {}, "illegal state"),
                Arguments.of(new StackOverflowError(), "stack overflow"),
                Arguments.of(new UnsupportedOperationException("Ada"), "unsupported operation"),
                Arguments.of(new Breakdown(), "breakdown"),
                Arguments.of(new Exception("Ada"), "unknown failure"));
    }

    @ParameterizedTest
    @MethodSource({"kinds", "unknownKinds"})
    void eachKindHasItsWordsAlsoInsideAWrapper(Throwable failure, String words) {
        assertThat(OutboxFailureDescription.of(failure)).isEqualTo(words);
        assertThat(OutboxFailureDescription.of(new CompletionException("Ada", failure)))
                .isEqualTo(words);
        assertThat(OutboxFailureDescription.of(new ExecutionException("Ada", failure)))
                .isEqualTo(words);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aKnownKindNeedsNoOtherWords(Throwable failure, String words) {
        assertThat(OutboxFailureDescription.of(failure, "no response")).isEqualTo(words);
    }

    @ParameterizedTest
    @MethodSource("unknownKinds")
    void anUnknownKindHasTheWordsOfItsCaller(Throwable failure) {
        assertThat(OutboxFailureDescription.of(failure, "no response")).isEqualTo("no response");
    }

    @Test
    void anUnexpectedFailureIsNamedWithThePlaceInTheCode() {
        var failure = new IllegalStateException("Ada");
        assertThat(OutboxFailureDescription.withOrigin(failure))
                .startsWith("illegal state at ")
                .contains("OutboxFailureDescriptionTest.java:")
                .doesNotContain("Ada");
        failure.setStackTrace(new StackTraceElement[0]);
        assertThat(OutboxFailureDescription.withOrigin(failure)).isEqualTo("illegal state");
    }
}
