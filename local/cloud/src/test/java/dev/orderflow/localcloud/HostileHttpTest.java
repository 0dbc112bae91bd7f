package dev.orderflow.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that no SDK would send are rejected as client errors in the format of the protocol.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileHttpTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final LocalCloud cloud = LocalCloud.builder().start();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    void listens() {
        assertThat(cloud.endpoint().getPort()).isPositive();
    }

    @AfterAll
    void close() {
        http.close();
        cloud.close();
    }

    static List<String> brokenBodies() {
        return List.of(
                "{",
                "[]",
                "null",
                "nonsense",
                "{\"a\":1,\"a\":2}",
                "\u0000",
                "{\"x\":1e999999999}",
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "{\"Entries\":[[]]}",
                "{\"Entries\":{},\"name\":[],\"Name\":{},\"AlarmNames\":[{}],\"input\":[]}");
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void malformedJsonIsRejectedWithAJsonError(String body) throws Exception {
        for (var target :
                List.of(
                        "AWSEvents.PutEvents",
                        "AWSEvents.PutRule",
                        "AWSStepFunctions.StartExecution",
                        "AWSStepFunctions.CreateStateMachine",
                        "GraniteServiceVersion20100801.PutMetricData",
                        "GraniteServiceVersion20100801.DeleteAlarms")) {
            var answer =
                    send(
                            request("/")
                                    .header("X-Amz-Target", target)
                                    .header("Content-Type", "application/x-amz-json-1.1")
                                    .POST(HttpRequest.BodyPublishers.ofString(body)));
            assertThat(answer.statusCode()).as(target).isEqualTo(400);
            assertThat(answer.body()).as(target).contains("__type");
        }
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void malformedCborIsRejected(String body) throws Exception {
        var answer =
                send(
                        request("/service/GraniteServiceVersion20100801/operation/PutMetricData")
                                .header("smithy-protocol", "rpc-v2-cbor")
                                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/cbor");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1=2",
                "member.1=x",
                "Action=Publish&Action=Publish",
                "Action.x=1",
                "Action=%zz",
                "Action=Nothing",
                "Action=Publish&a=1&a.b=2",
                "Action=Publish&a.b.c.d.e.f.g.h.i.j.k.l.m.n=1",
                "Action=Publish&MessageAttributes.entry.1.x=1",
                "Action=Publish&TopicArn.member.1=x&Message.entry.1.key=k",
                "=&=&.=.",
            })
    void malformedFormsAreRejectedWithAnXmlError(String form) throws Exception {
        var answer = send(signed("/", "sns").POST(HttpRequest.BodyPublishers.ofString(form)));
        assertThat(answer.statusCode()).isBetween(400, 499);
        assertThat(answer.body()).contains("<ErrorResponse").contains("<Code>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../etc/passwd",
                "//example.invalid/000000000000/q",
                "/_aws/../x",
                "/_aws/nothing",
                "/service/x/operation/y",
                "/service/sqs/operation/",
                "/v2/email/",
                "/v2/email/outbound-emails/../x",
                "/%00",
                "/a%2f..%2fb?x=%zz",
            })
    void hostilePathsAreClientErrors(String path) throws Exception {
        var answer = raw("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n");
        assertThat(answer).matches("(?s)HTTP/1\\.1 4\\d\\d.*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n",
                "GET\r\n",
                "GET / HTTP/9.9\r\n",
                "POST / HTTP/1.1\r\nContent-Length: -1\r\n",
                "POST / HTTP/1.1\r\nContent-Length: many\r\n",
                "POST / HTTP/1.1\r\nHost: \r\nX-Amz-Target: .\r\nContent-Length: 0\r\n",
                "POST / HTTP/1.1\r\nX-Amz-Target: Nobody.Nothing\r\nContent-Length: 0\r\n",
                "POST / HTTP/1.1\r\nX-Amz-Target: AWSEvents\r\nContent-Length: 0\r\n",
                "POST / HTTP/1.1\r\nAuthorization: Credential=////aws4_request\r\nContent-Length: 0\r\n",
                "TRACE / HTTP/1.1\r\n",
            })
    void badRequestLinesAndHeadersAreNeverServerErrors(String head) throws Exception {
        assertThat(raw(head)).doesNotContain("HTTP/1.1 5");
    }

    /// RFC 9112, section 6.1, requires 501.
    @Test
    void anUnknownTransferCodingIsNotImplemented() throws Exception {
        assertThat(raw("POST / HTTP/1.1\r\nTransfer-Encoding: strange\r\n"))
                .startsWith("HTTP/1.1 501");
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() throws Exception {
        var answer =
                send(
                        request("/")
                                .header("X-Amz-Target", "AWSEvents.PutEvents")
                                .POST(
                                        HttpRequest.BodyPublishers.ofByteArray(
                                                new byte[8 * 1024 * 1024 + 1])));
        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void aBodyThatIsNotCompressedAsDeclaredIsRejected() throws Exception {
        var answer =
                send(
                        request("/")
                                .header("X-Amz-Target", "AWSEvents.PutEvents")
                                .header("Content-Encoding", "gzip")
                                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SendMessage        | {\"QueueUrl\":17,\"MessageBody\":\"x\"} | QueueUrl of SendMessage must be a text",
                "SendMessage        | {\"QueueUrl\":\"a\\r\\nb\",\"MessageBody\":\"x\"} | is not valid for this endpoint",
                "SendMessageBatch   | {\"Entries\":[1]} | Entries of SendMessageBatch must be a list of structures",
                "ReceiveMessage     | {\"WaitTimeSeconds\":\"1e9\"} | WaitTimeSeconds of ReceiveMessage must be a whole number",
                "ReceiveMessage     | {\"MessageAttributeNames\":[{}]} | MessageAttributeNames of ReceiveMessage must be a list of strings",
                "SetQueueAttributes | {\"Attributes\":\"x\"} | Attributes of SetQueueAttributes must be a map",
                "CreateQueue        | {\"QueueName\":\"q\",\"Attributes\":{\"VisibilityTimeout\":\"x\"}} | Invalid value for the parameter VisibilityTimeout",
                "CreateQueue        | {\"QueueName\":\"q\",\"Attributes\":{\"RedrivePolicy\":\"{}\"}} | Redrive policy does not contain mandatory attribute",
            })
    void invalidSqsParametersAreRejectedByName(String operation, String body, String why)
            throws Exception {
        var answer =
                send(
                        request("/")
                                .header("X-Amz-Target", "AmazonSQS." + operation)
                                .header("Content-Type", "application/x-amz-json-1.0")
                                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("__type", why);
    }

    @Test
    void invalidSqsFormParametersAreRejectedWithAnXmlError() throws Exception {
        var answer =
                send(
                        signed("/", "sqs")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "Action=TagQueue&QueueUrl=a%0D%0Ab&Tag.1.Key=a&Tag.1.Value=b")));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("<ErrorResponse").contains("<Code>InvalidAddress");
    }

    /// A backtracking pattern took a minute for this address.
    @Test
    void aLongInvalidAddressIsRejectedQuickly() throws Exception {
        var answer =
                send(
                        request("/v2/email/outbound-emails")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"FromEmailAddress\":\"%s\"}"
                                                        .formatted("x".repeat(200_000)))));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("Missing final '@domain'");
    }

    private HttpRequest.Builder signed(String path, String service) {
        return request(path)
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/"
                                + service
                                + "/aws4_request")
                .header("Content-Type", "application/x-www-form-urlencoded");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(cloud.endpoint() + path)).timeout(TIMEOUT);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// The response before the connection closes; empty if it closed without one.
    private String raw(String head) throws IOException {
        try (var socket = new Socket("127.0.0.1", cloud.endpoint().getPort())) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            var out = socket.getOutputStream();
            out.write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
