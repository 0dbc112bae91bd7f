package dev.orderflow.order.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.orderflow.order.relay.EventBus.Answer;
import dev.orderflow.order.relay.EventBus.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Through the SDK, against what EventBridge answers on the wire.
class EventBridgeBusTest {

    private final AtomicInteger requests = new AtomicInteger();
    private volatile String heard = "";
    private volatile String target = "";
    private volatile int status = 200;
    private volatile String answer = "";

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @SuppressWarnings("NullAway.Init")
    private EventBridgeClient client;

    @SuppressWarnings("NullAway.Init")
    private EventBridgeBus bus;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    requests.incrementAndGet();
                    target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
                    heard =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    var body = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        client =
                EventBridgeClient.builder()
                        .endpointOverride(
                                URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("test", "test")))
                        .overrideConfiguration(
                                it ->
                                        it.retryStrategy(AwsRetryStrategy.doNotRetry())
                                                .apiCallTimeout(Duration.ofSeconds(5)))
                        .build();
        bus = new EventBridgeBus(client, "orderflow");
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void eachEventIsSentToTheBusAsItIs() {
        answer = "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"},{\"EventId\":\"2\"}]}";
        assertThat(bus.publish(List.of(event("a"), event("b"))))
                .isEqualTo(
                        new Answer.Each(List.of(new Verdict.Accepted(), new Verdict.Accepted())));
        assertThat(target).isEqualTo("AWSEvents.PutEvents");
        JsonNode first = JsonMapper.shared().readTree(heard).at("/Entries/0");
        assertThat(first.path("EventBusName").asString()).isEqualTo("orderflow");
        assertThat(first.path("Source").asString()).isEqualTo("orderflow.orders");
        assertThat(first.path("DetailType").asString()).isEqualTo("OrderCreated");
        assertThat(first.path("Detail").asString()).isEqualTo("{\"eventId\":\"a\"}");
        assertThat(first.path("Time").asDouble()).isEqualTo(1_780_000_000.0);
    }

    @Test
    void eachEntryIsJudgedOnItsOwn() {
        answer =
                """
                {"FailedEntryCount":2,"Entries":[
                    {"EventId":"1"},
                    {"ErrorCode":"MalformedDetail","ErrorMessage":"Detail is malformed."},
                    {"ErrorCode":"ThrottlingException","ErrorMessage":"Rate exceeded"}]}""";
        assertThat(bus.publish(List.of(event("a"), event("b"), event("c"))))
                .isEqualTo(
                        new Answer.Each(
                                List.of(
                                        new Verdict.Accepted(),
                                        new Verdict.Refused("MalformedDetail"),
                                        new Verdict.TooBusy())));
    }

    @Test
    void aCallRefusedForItsContentIsToldApartFromABusThatIsAway() {
        status = 400;
        answer = "{\"__type\":\"ValidationException\",\"message\":\"1 validation error detected\"}";
        assertThat(bus.publish(List.of(event("a"))))
                .isEqualTo(new Answer.CallRefused("ValidationException"));
        for (var code :
                List.of("ThrottlingException", "AccessDeniedException", "ExpiredTokenException")) {
            answer = "{\"__type\":\"" + code + "\",\"message\":\"no\"}";
            assertThat(bus.publish(List.of(event("a")))).isEqualTo(new Answer.Unavailable(code));
        }
        status = 503;
        answer = "";
        assertThat(bus.publish(List.of(event("a")))).isInstanceOf(Answer.Unavailable.class);
        status = 413;
        assertThat(bus.publish(List.of(event("a")))).isInstanceOf(Answer.CallRefused.class);
    }

    @Test
    void anAnswerThatLeavesEventsOutProvesNothing() {
        answer = "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}";
        assertThat(bus.publish(List.of(event("a"), event("b"))))
                .isInstanceOf(Answer.Unavailable.class);
    }

    @Test
    void aBusThatDoesNotAnswerIsAway() {
        server.stop(0);
        assertThat(bus.publish(List.of(event("a")))).isInstanceOf(Answer.Unavailable.class);
    }

    @Test
    void anEventAboveTheLimitIsRefusedWithoutACall() {
        var huge =
                new OutgoingEvent(
                        "a", "OrderCreated", Instant.EPOCH, "\"" + "x".repeat(1_000_000) + "\"");
        assertThat(bus.publish(List.of(huge))).isInstanceOf(Answer.CallRefused.class);
        assertThat(requests).hasValue(0);
    }

    private static OutgoingEvent event(String id) {
        return new OutgoingEvent(
                id,
                "OrderCreated",
                Instant.ofEpochSecond(1_780_000_000),
                "{\"eventId\":\"" + id + "\"}");
    }
}
