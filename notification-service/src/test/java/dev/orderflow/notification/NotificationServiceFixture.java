package dev.orderflow.notification;

import static dev.orderflow.notification.OrderEventSamples.envelope;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.RoundTripRecorder;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.fixture.TestOperators;
import dev.orderflow.notification.channel.NotificationLog;
import dev.orderflow.notification.channel.NotificationService;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;

/// The whole service with a real Postgres and a real queue; the services it calls are HTTP stubs.
/// All subclasses share one application context.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=notification-service",
            // With this registry counters can be read immediately, not after a minute.
            "management.cloudwatch.metrics.export.namespace=false",
            "spring.cloud.aws.sqs.listener.poll-timeout=1s",
            "orderflow.delivery.initial-back-off=0s",
            "orderflow.delivery.outage.probe-interval=50ms",
            "orderflow.delivery.outage.max-probe-interval=50ms",
            "orderflow.notification.topic-retry.initial-delay=0s",
            "orderflow.notification.claim-lifetime=1h",
            "orderflow.notification.claim-check-interval=100ms"
        })
@ContextConfiguration(
        initializers = {PostgresFixture.class, SqsFixture.class, NotificationStubServer.class})
@ExtendWith(OutputCaptureExtension.class)
@Import(RoundTripRecorder.class)
abstract class NotificationServiceFixture {

    static final String QUEUE = "notifications";
    static final String KEY = "test-internal-api-key";

    @LocalServerPort int port;
    @Autowired NotificationService notifications;
    @Autowired NotificationLog notificationLog;
    @Autowired JdbcClient jdbc;
    @Autowired MeterRegistry meters;

    final UUID order = UUID.randomUUID();
    final OrderEventSamples events = new OrderEventSamples(order);

    @BeforeAll
    static void createQueue() {
        // Enough receives for an outage in a test, whose retries have no delay.
        SqsFixture.createQueue(QUEUE, 1_000);
    }

    @BeforeEach
    void resetStubsAndQueues() {
        NotificationStubServer.reset();
        eventually().until(() -> SqsFixture.depth(QUEUE) == 0);
        jdbc.sql("DELETE FROM notification").update();
        SqsFixture.receiveAndDelete(QUEUE + "-dlq");
    }

    static ConditionFactory eventually() {
        return await().pollInterval(Duration.ofMillis(50));
    }

    static void deliver(OrderEvent event) {
        SqsFixture.send(QUEUE, envelope(event));
    }

    String state(OrderEvent event) {
        return String.join(
                ", ",
                jdbc.sql(
                                """
                                SELECT channel || ' ' || state FROM notification
                                WHERE order_id = ? AND event_type = ? ORDER BY channel
                                """)
                        .param(event.orderId())
                        .param(event.type())
                        .query(String.class)
                        .list());
    }

    String storedRows() {
        return jdbc.sql("SELECT notification::text FROM notification")
                .query(String.class)
                .list()
                .toString();
    }

    static List<String> reasons() {
        return SqsFixture.receiveAndDelete(QUEUE + "-dlq").stream()
                .map(dead -> dead.messageAttributes().get("reason").stringValue())
                .toList();
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return post(TestOperators.ADMINISTRATOR, path, body);
    }

    /// Sends a request with the credentials that the endpoint requires.
    ///
    /// @param operator who sends it, where only people are admitted
    HttpResponse<String> post(String operator, String path, String body) throws Exception {
        var credentials = TestOperators.credentials("POST", path);
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .header(
                                    credentials.getKey(),
                                    credentials.getKey().equals("Authorization")
                                            ? TestOperators.administrator(operator)
                                            : credentials.getValue())
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    HttpResponse<String> get(String path, String key) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .header("X-Api-Key", key)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
