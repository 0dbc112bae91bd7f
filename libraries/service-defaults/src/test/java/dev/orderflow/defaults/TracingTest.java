package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "spring.config.name=defaults-test")
@ContextConfiguration(initializers = {PostgresFixture.class, SqsFixture.class})
class TracingTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private final Logger ours = (Logger) LoggerFactory.getLogger("dev.orderflow");
    private final CapturedLog log = new CapturedLog();
    private final int port;
    private final TestService.TestListeners listeners;

    private final String orderId = UUID.randomUUID().toString();
    private final String traceId = UUID.randomUUID().toString().replace("-", "");
    private final String traceparent = "00-" + traceId + "-00f067aa0ba902b7-01";

    @Autowired
    TracingTest(@LocalServerPort int port, TestService.TestListeners listeners) {
        this.port = port;
        this.listeners = listeners;
    }

    @BeforeAll
    static void queues() {
        SqsFixture.createQueue("single", 3);
        SqsFixture.createQueue("batch", 3);
    }

    @BeforeEach
    void listen() {
        log.start();
        ours.setLevel(Level.DEBUG);
        ours.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        ours.detachAppender(log);
        ours.setLevel(null);
    }

    // Messages

    @Test
    void anEventIsHandledInTheTraceItCarries() {
        var body = event("welcome", traceparent);
        SqsFixture.send("single", body);
        assertThat(fieldsOf(body))
                .containsEntry("traceId", traceId)
                .containsEntry("orderId", orderId)
                .containsEntry("serviceName", "defaults-test")
                .containsKey("spanId");
    }

    @Test
    void aCommandIsHandledInTheTraceItCarries() {
        var body =
                "{\"command\":\"X\",\"orderId\":\"%s\",\"traceparent\":\"%s\"}"
                        .formatted(orderId, traceparent);
        SqsFixture.send("single", body);
        assertThat(fieldsOf(body))
                .containsEntry("traceId", traceId)
                .containsEntry("orderId", orderId);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void anInvalidTraceParentStartsANewTrace(String malformed) {
        var body = event("malformed", malformed);
        SqsFixture.send("single", body);
        assertThat(fieldsOf(body).get("traceId"))
                .matches("[0-9a-f]{32}")
                .isNotEqualTo("0".repeat(32))
                .isNotEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        await().until(() -> SqsFixture.depth("single") == 0);
        assertThat(SqsFixture.depth("single-dlq")).isZero();
    }

    @Test
    void anInvalidOrderIdIsNotLogged() {
        var body = "{\"orderId\":\"ada@example.org\"}";
        SqsFixture.send("single", body);
        assertThat(fieldsOf(body)).doesNotContainKey("orderId");
    }

    @Test
    void aRejectedMessageIsLoggedWithItsOrderAndTrace() {
        SqsFixture.send("single", event("invalid", traceparent));
        await().untilAsserted(
                        () ->
                                assertThat(log.lines)
                                        .anyMatch(line -> line.contains("dead-letter queue")));
        assertThat(log.lines)
                .filteredOn(line -> line.contains("dead-letter queue"))
                .allMatch(line -> line.contains(traceId) && line.contains(orderId));
        await().until(() -> SqsFixture.depth("single-dlq") == 1);
        SqsFixture.receiveAndDelete("single-dlq");
    }

    @Test
    void eachMessageOfABatchIsLoggedInItsOwnTrace() {
        var traces =
                List.of("a".repeat(32), "b".repeat(32), "c".repeat(32)).stream()
                        .peek(
                                trace ->
                                        SqsFixture.send(
                                                "batch",
                                                event("b", "00-" + trace + "-00f067aa0ba902b7-01")))
                        .toList();
        await().untilAsserted(
                        () ->
                                assertThat(traces)
                                        .allMatch(
                                                trace ->
                                                        log.lines.stream()
                                                                .anyMatch(
                                                                        line ->
                                                                                line.contains(trace)
                                                                                        && line
                                                                                                .contains(
                                                                                                        "was handled"))));
    }

    @Test
    void aFailureIsLoggedWithoutQuotedValues() {
        SqsFixture.send("single", event("quoted", traceparent));
        await().untilAsserted(
                        () -> assertThat(log.lines).anyMatch(line -> line.contains("failed")));
        assertThat(String.join("\n", log.lines))
                .contains("java.lang.IllegalStateException: cannot read")
                .doesNotContain("ada@example.org", "quoted");
        await().until(() -> SqsFixture.depth("single-dlq") == 1);
        SqsFixture.receiveAndDelete("single-dlq");
    }

    // Requests

    @Test
    void aRequestContinuesTheTraceOfItsCaller() throws Exception {
        var fields = post("/orders/" + orderId + "/items", Map.of("traceparent", traceparent));
        assertThat(fields.path("traceId").asString()).isEqualTo(traceId);
        assertThat(fields.path("orderId").asString()).isEqualTo(orderId);
        await().untilAsserted(
                        () ->
                                assertThat(log.lines)
                                        .anyMatch(
                                                line ->
                                                        line.contains(
                                                                        "POST"
                                                                                + " /orders/{orderId}/items"
                                                                                + " answered 200")
                                                                && line.contains(traceId)));
    }

    @Test
    void aStepOfTheWorkflowNamesItsOrderInTheIdempotencyKey() throws Exception {
        var fields = post("/internal/steps", Map.of("Idempotency-Key", orderId + ":reservation"));
        assertThat(fields.path("orderId").asString()).isEqualTo(orderId);
        assertThat(fields.path("traceId").asString()).matches("[0-9a-f]{32}");
    }

    @Test
    void theIdOfSomethingElseInAPathIsNotLoggedAsOrder() throws Exception {
        var path = "/internal/redrives/" + UUID.randomUUID() + "/steps";
        assertThat(post(path, Map.of()).has("orderId")).isFalse();
        var fields = post(path, Map.of("Idempotency-Key", orderId + ":reservation"));
        assertThat(fields.path("orderId").asString()).isEqualTo(orderId);
        assertThat(post("/orders/no-id/items", Map.of()).has("orderId")).isFalse();
    }

    @Test
    void pathVariablesAreNotLogged() throws Exception {
        post("/nowhere/ada@example.org", Map.of());
        await().untilAsserted(() -> assertThat(log.lines).anyMatch(line -> line.contains("404")));
        assertThat(log.lines).noneMatch(line -> line.contains("ada@"));
    }

    private Map<String, String> fieldsOf(String body) {
        await().until(() -> listeners.logFields.containsKey(body));
        return Map.copyOf(listeners.logFields.get(body));
    }

    private String event(String marker, String trace) {
        return """
               {"detail-type":"X","marker":"%s-%s",
                "detail":{"orderId":"%s","traceparent":"%s"}}"""
                .formatted(marker, UUID.randomUUID(), orderId, trace);
    }

    private JsonNode post(String path, Map<String, String> headers) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .header("X-Api-Key", "test-internal-api-key")
                        .POST(HttpRequest.BodyPublishers.noBody());
        headers.forEach(request::header);
        return JsonMapper.shared()
                .readTree(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
    }

    /// Every line as it would be written: message, fields and failure.
    private static final class CapturedLog extends AppenderBase<ILoggingEvent> {

        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            var failure = event.getThrowableProxy();
            lines.add(
                    event.getMDCPropertyMap()
                            + " "
                            + event.getFormattedMessage()
                            + (failure == null ? "" : ThrowableProxyUtil.asString(failure)));
        }
    }
}
