package dev.orderflow.notification.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.notification.NotificationProperties;
import dev.orderflow.notification.template.EmailTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ses.SesClient;

/// The results of failed calls to SES, over real sockets.
class SesMailSenderTest {

    private static final AwsCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var one : open) {
            one.close();
        }
    }

    // Not sent

    @Test
    void aRefusedConnectionSentNothing() throws IOException {
        var server = listen(0);
        server.close();
        assertThat(send("http://127.0.0.1:" + server.getLocalPort()))
                .isEqualTo(SendResult.NOT_SENT);
    }

    @Test
    void anUnknownHostReceivedNothing() {
        assertThat(send("http://ses.invalid")).isEqualTo(SendResult.NOT_SENT);
    }

    @Test
    void aConnectTimeoutSentNothing() throws IOException {
        // Fills the accept queue, so that the next connection is neither accepted nor refused.
        var server = listen(1);
        for (int i = 0; i < 8; i++) {
            var filler = new Socket();
            open.add(filler);
            try {
                filler.connect(server.getLocalSocketAddress(), 200);
            } catch (IOException _) {
                break;
            }
        }
        assertThat(send(url(server), Duration.ofMillis(700))).isEqualTo(SendResult.NOT_SENT);
    }

    @Test
    void aServerWithoutTlsReceivedNothing() {
        var server = serve(client -> client.getOutputStream().write("no TLS\r\n".getBytes()));
        assertThat(send("https://127.0.0.1:" + server.getLocalPort()))
                .isEqualTo(SendResult.NOT_SENT);
    }

    @Test
    void withoutCredentialsNothingIsSent() {
        var server = serve(SesMailSenderTest::readRequest);
        var post =
                mailSender(
                        url(server),
                        () -> {
                            throw SdkClientException.create("no credentials");
                        },
                        Duration.ofSeconds(10));
        assertThat(send(post)).isEqualTo(SendResult.NOT_SENT);
    }

    private static Stream<SesErrorResponse> refusals() {
        return Stream.of(
                new SesErrorResponse(400, "Throttling", SendResult.NOT_SENT),
                new SesErrorResponse(403, "ExpiredToken", SendResult.NOT_SENT),
                new SesErrorResponse(403, "AccessDenied", SendResult.NOT_SENT),
                new SesErrorResponse(400, "AccountSendingPaused", SendResult.NOT_SENT),
                new SesErrorResponse(400, "MailFromDomainNotVerified", SendResult.NOT_SENT),
                new SesErrorResponse(503, "ServiceUnavailable", SendResult.NOT_SENT),
                new SesErrorResponse(400, "MessageRejected", SendResult.REJECTED),
                rejected(
                        "Email address is not verified. The following identities failed the check in"
                                + " region US-EAST-1: orders@orderflow.example",
                        SendResult.NOT_SENT),
                rejected(
                        "Email address is not verified. The following identities failed the check in"
                                + " region US-EAST-1: ada@example.org",
                        SendResult.NOT_SENT),
                rejected(
                        "Email address is not verified. The following identities failed the check in"
                                + " region US-EAST-1: a@example.org, b@example.org...",
                        SendResult.NOT_SENT),
                rejected("Email address is not verified.", SendResult.NOT_SENT),
                rejected(
                        "Sending suspended for this account. For more information, please check the"
                                + " inbox of the email address associated with your AWS account.",
                        SendResult.NOT_SENT),
                rejected("Sending paused for this account.", SendResult.NOT_SENT),
                rejected("Account is paused", SendResult.NOT_SENT),
                rejected("Daily message quota exceeded.", SendResult.NOT_SENT),
                rejected("Maximum sending rate exceeded.", SendResult.NOT_SENT),
                rejected("Address blacklisted.", SendResult.REJECTED),
                rejected("Content contains a virus.", SendResult.REJECTED),
                new SesErrorResponse(400, "InvalidParameterValue", SendResult.REJECTED),
                new SesErrorResponse(500, "InternalFailure", SendResult.UNKNOWN),
                new SesErrorResponse(504, "GatewayTimeout", SendResult.UNKNOWN));
    }

    record SesErrorResponse(int status, String code, String message, SendResult result) {

        SesErrorResponse(int status, String code, SendResult result) {
            this(status, code, "", result);
        }
    }

    private static SesErrorResponse rejected(String message, SendResult result) {
        return new SesErrorResponse(400, "MessageRejected", message, result);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void anErrorResponseDeterminesTheResult(SesErrorResponse refusal) {
        var server =
                serve(
                        client -> {
                            readRequest(client);
                            answer(
                                    client,
                                    refusal.status(),
                                    "<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"
                                            .formatted(refusal.code(), refusal.message()));
                        });
        assertThat(send(url(server))).isEqualTo(refusal.result());
    }

    // Unknown

    @Test
    void aConnectionClosedAfterTheRequestIsUnknown() {
        assertThat(send(url(serve(SesMailSenderTest::readRequest)))).isEqualTo(SendResult.UNKNOWN);
    }

    @Test
    void aConnectionResetAfterTheRequestIsUnknown() {
        var server =
                serve(
                        client -> {
                            readRequest(client);
                            client.setSoLinger(true, 0);
                        });
        assertThat(send(url(server))).isEqualTo(SendResult.UNKNOWN);
    }

    @Test
    void aMissingResponseIsUnknown() {
        var server =
                serve(
                        client -> {
                            readRequest(client);
                            var _ = client.getInputStream().read();
                        });
        // It includes the time in which the request is written.
        assertThat(send(url(server), Duration.ofSeconds(5))).isEqualTo(SendResult.UNKNOWN);
    }

    @Test
    void anIncompleteResponseIsUnknown() {
        var server =
                serve(
                        client -> {
                            readRequest(client);
                            client.getOutputStream()
                                    .write(
                                            "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<Send"
                                                    .getBytes(StandardCharsets.US_ASCII));
                        });
        assertThat(send(url(server))).isEqualTo(SendResult.UNKNOWN);
    }

    @Test
    void aSuccessfulResponseMeansSent() {
        var server =
                serve(
                        client -> {
                            readRequest(client);
                            answer(
                                    client,
                                    200,
                                    "<SendEmailResponse><SendEmailResult><MessageId>m</MessageId>"
                                            + "</SendEmailResult></SendEmailResponse>");
                        });
        assertThat(send(url(server))).isEqualTo(SendResult.SENT);
    }

    private SendResult send(String endpoint) {
        return send(endpoint, Duration.ofSeconds(20));
    }

    private SendResult send(String endpoint, Duration timeout) {
        return send(mailSender(endpoint, CREDENTIALS, timeout));
    }

    private static SendResult send(SesMailSender post) {
        return post.send("ada@example.org", new EmailTemplate("Your order is on its way", "Hello"));
    }

    private SesMailSender mailSender(
            String endpoint, AwsCredentialsProvider credentials, Duration timeout) {
        var properties = properties(timeout);
        var builder = SesClient.builder();
        new SesNoRetryConfiguration().sesNoRetryCustomizer(properties).customize(builder);
        var client =
                builder.endpointOverride(URI.create(endpoint))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(credentials)
                        .build();
        open.add(client);
        return new SesMailSender(client, properties);
    }

    private static NotificationProperties properties(Duration timeout) {
        return new NotificationProperties(
                "arn:aws:sns:us-east-1:000000000000:topic",
                "orders@orderflow.example",
                new NotificationProperties.ContactClientProperties(URI.create("http://localhost")),
                Duration.ofMinutes(2),
                Duration.ofSeconds(30),
                new NotificationProperties.TopicRetryProperties(
                        Duration.ofMinutes(1), Duration.ofHours(6)),
                new NotificationProperties.NotificationTimeouts(timeout, timeout, timeout));
    }

    private interface ConnectionHandler {
        void with(Socket client) throws IOException;
    }

    /// Handles each connection and closes it.
    private ServerSocket serve(ConnectionHandler behaviour) {
        var server = listen(50);
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (!server.isClosed()) {
                                try (var client = server.accept()) {
                                    behaviour.with(client);
                                } catch (IOException _) {
                                    // The test or the client closed the connection.
                                }
                            }
                        });
        return server;
    }

    private ServerSocket listen(int backlog) {
        try {
            var server = new ServerSocket();
            open.add(server);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), backlog);
            return server;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String url(ServerSocket server) {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    private static void readRequest(Socket client) throws IOException {
        var in = client.getInputStream();
        int length = 0;
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        in.readNBytes(length);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
            line.append((char) read);
        }
        return line.toString().strip();
    }

    private static void answer(Socket client, int status, String body) throws IOException {
        client.getOutputStream()
                .write(
                        "HTTP/1.1 %d x\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s"
                                .formatted(status, body.length(), body)
                                .getBytes(StandardCharsets.US_ASCII));
    }
}
