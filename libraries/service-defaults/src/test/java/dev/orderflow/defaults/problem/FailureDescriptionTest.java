package dev.orderflow.defaults.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.json.JsonMapper;

class FailureDescriptionTest {

    private static final Duration TIMEOUT = Duration.ofMillis(1_500);

    @Test
    void aServerThatDoesNotListenRefusesTheConnection() throws IOException {
        assertThat(FailureDescription.of(callFailure("http://127.0.0.1:" + unusedPort()), TIMEOUT))
                .isEqualTo("connection refused");
    }

    @Test
    void aServerThatDoesNotRespondExceedsTheTimeLimit() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var failure = callFailure("http://127.0.0.1:" + silent.getLocalPort());

            assertThat(FailureDescription.of(failure, TIMEOUT))
                    .isEqualTo("no response within 1500 ms");
            assertThat(FailureDescription.of(failure, Duration.ofSeconds(3)))
                    .isEqualTo("no response within 3 s");
            assertThat(FailureDescription.of(failure)).isEqualTo("no response in time");
        }
    }

    @Test
    void aBodyThatStopsIsNoCompleteResponse() throws IOException {
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 1);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write("half".getBytes(StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                });
        server.start();
        try {
            assertThat(
                            FailureDescription.of(
                                    callFailure(
                                            "http://127.0.0.1:" + server.getAddress().getPort()),
                                    TIMEOUT))
                    .isEqualTo("no complete response");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aServerThatClosesTheConnectionGivesNoCompleteResponse() {
        try (var stub = new HttpStub(_ -> new StubResponse(0, ""))) {
            assertThat(FailureDescription.of(callFailure(stub.url()), TIMEOUT))
                    .isEqualTo("no complete response");
        }
    }

    @Test
    void aServerThatClosesTheConnectionInTheBodyGivesNoneEither() throws IOException {
        try (var server = answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")) {
            assertThat(
                            FailureDescription.of(
                                    callFailure("http://127.0.0.1:" + server.getLocalPort())))
                    .isEqualTo("no complete response");
        }
    }

    @Test
    void aServerWithoutTlsHasNoEncryptedConnection() throws IOException {
        try (var server = answering("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            assertThat(
                            FailureDescription.of(
                                    callFailure("https://127.0.0.1:" + server.getLocalPort())))
                    .isEqualTo("no encrypted connection");
        }
    }

    /// A server that answers each connection with a text, whatever the request is, and closes it.
    private static ServerSocket answering(String text) throws IOException {
        var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (true) {
                                try (var connection = server.accept()) {
                                    connection.getInputStream().read(new byte[4_096]);
                                    connection
                                            .getOutputStream()
                                            .write(text.getBytes(StandardCharsets.UTF_8));
                                } catch (IOException _) {
                                    if (server.isClosed()) {
                                        return;
                                    }
                                }
                            }
                        });
        return server;
    }

    @Test
    void aNameThatDoesNotResolveIsAnUnknownHost() {
        assertThat(FailureDescription.of(callFailure("http://nothing.invalid")))
                .isEqualTo("unknown host");
    }

    @Test
    void aBodyThatIsNotJsonIsAnUnreadableAnswer() {
        assertThat(
                        FailureDescription.of(
                                catchThrowable(() -> JsonMapper.shared().readTree("<html>"))))
                .isEqualTo("unreadable answer");
        assertThat(FailureDescription.unreadableAnswer(200))
                .isEqualTo("unreadable answer with status 200");
    }

    @Test
    void anAnswerIsNamedByItsStatusAndTheCodeOfAws() {
        assertThat(FailureDescription.describeStatus(503)).isEqualTo("answered 503");
        var failure =
                AwsServiceException.builder()
                        .statusCode(400)
                        .message("Ada Lovelace is not authorised")
                        .awsErrorDetails(
                                AwsErrorDetails.builder()
                                        .errorCode("ThrottlingException")
                                        .errorMessage("Ada Lovelace is not authorised")
                                        .build())
                        .build();
        assertThat(FailureDescription.of(failure)).isEqualTo("answered 400 ThrottlingException");
        assertThat(FailureDescription.of(AwsServiceException.builder().statusCode(502).build()))
                .isEqualTo("answered 502");
    }

    @Test
    void theSdkOfAwsFailsInTheSameWords() throws IOException {
        try (var s3 =
                S3Client.builder()
                        .endpointOverride(URI.create("http://127.0.0.1:" + unusedPort()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .build()) {
            assertThat(FailureDescription.of(catchThrowable(s3::listBuckets)))
                    .isEqualTo("connection refused");
        }
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(new HttpTimeoutException("x"), "no response in time"),
                Arguments.of(new SocketTimeoutException("x"), "no response in time"),
                Arguments.of(new TimeoutException("x"), "no response in time"),
                Arguments.of(ApiCallTimeoutException.create(5_000), "no response in time"),
                Arguments.of(ApiCallAttemptTimeoutException.create(9), "no response in time"),
                Arguments.of(
                        connectTimeout(new ConnectException("timed out")), "no connection in time"),
                Arguments.of(new UnknownHostException("x"), "unknown host"),
                Arguments.of(new NoRouteToHostException("x"), "no route to the host"),
                Arguments.of(new SocketException("Connection reset"), "no complete response"),
                Arguments.of(new EOFException(), "no complete response"),
                Arguments.of(new InterruptedException(), "interrupted"),
                Arguments.of(AbortedException.create("x"), "interrupted"),
                Arguments.of(SdkClientException.create("no credentials"), "no response"),
                Arguments.of(
                        new QueryTimeoutException("x", new SQLException("x", "57014")),
                        "database call failed with SQLSTATE 57014"),
                Arguments.of(
                        new CannotCreateTransactionException(
                                "x", new SQLTransientConnectionException("none is left")),
                        "no connection to the database"),
                Arguments.of(
                        new CannotGetJdbcConnectionException(
                                "x", sqlFailure(new SocketTimeoutException("x"))),
                        "database call failed with SQLSTATE 08006"),
                Arguments.of(new OptimisticLockingFailureException("x"), "database call failed"),
                Arguments.of(new IllegalStateException("Ada"), "illegal state"),
                Arguments.of(new IllegalStateException() {}, "illegal state"),
                Arguments.of(new NullPointerException(), "null pointer"));
    }

    private static Throwable connectTimeout(ConnectException cause) {
        return new HttpConnectTimeoutException("x").initCause(cause);
    }

    private static SQLException sqlFailure(Throwable cause) {
        return new SQLException("x", "08006", cause);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachKindHasItsWords(Throwable failure, String words) {
        assertThat(FailureDescription.of(failure)).isEqualTo(words);
        assertThat(FailureDescription.of(new CompletionException(failure))).isEqualTo(words);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aWrapperChangesNothing(Throwable failure, String words) {
        if (failure instanceof IOException inner) {
            assertThat(FailureDescription.of(new ResourceAccessException("Ada", inner)))
                    .isEqualTo(words);
        }
    }

    @Test
    void namesOfExceptionsInATextBecomeWords() {
        assertThat(
                        FailureDescription.replaceClasses(
                                "answered 400 ThrottlingException, then java.io.IOException"))
                .isEqualTo("answered 400 throttling, then io");
    }

    private static Throwable callFailure(String url) {
        var requests =
                new JdkClientHttpRequestFactory(
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
        requests.setReadTimeout(TIMEOUT);
        var client = RestClient.builder().baseUrl(url).requestFactory(requests).build();
        return catchThrowable(
                () ->
                        client.get()
                                .uri("/")
                                .exchangeForRequiredValue(
                                        (_, response) -> response.getBody().readAllBytes()));
    }

    private static int unusedPort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
