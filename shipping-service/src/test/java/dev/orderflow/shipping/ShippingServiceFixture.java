package dev.orderflow.shipping;

import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.ArrangeShipment;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.RoundTripRecorder;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.shipping.shipment.CarrierCircuitBreaker;
import dev.orderflow.shipping.shipment.ShipmentService;
import dev.orderflow.shipping.shipment.Shipments;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
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

/// The whole service with a real Postgres and real queues; the services it calls are HTTP stubs.
/// All subclasses share one application context.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=shipping-service",
            // With this registry counters can be read immediately, not after a minute.
            "management.cloudwatch.metrics.export.namespace=false",
            "spring.cloud.aws.sqs.listener.poll-timeout=1s",
            "orderflow.delivery.initial-back-off=0s",
            "orderflow.shipping.circuit-breaker.open-duration=200ms",
            "orderflow.shipping.retry.initial-delay=1s",
            "orderflow.shipping.retry.max-delay=1s",
            "orderflow.shipping.scheduler.interval=100ms",
            "orderflow.shipping.scheduler.heartbeat-interval=400ms",
            // Longer than a first attempt takes on a busy machine, or the scheduler would repeat
            // it;
            // awaitResuming skips it.
            "orderflow.shipping.scheduler.initial-resume-delay=1m",
            "orderflow.shipping.scheduler.max-resume-delay=1m"
        })
@ContextConfiguration(
        initializers = {PostgresFixture.class, SqsFixture.class, ShippingStubServer.class})
@ExtendWith(OutputCaptureExtension.class)
@Import(RoundTripRecorder.class)
abstract class ShippingServiceFixture {

    static final String REQUESTS = "shipping-requests";
    static final String CANCELLATIONS = "shipping-cancellations";
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @LocalServerPort int port;
    @Autowired ShipmentService shipmentService;
    @Autowired Shipments shipments;
    @Autowired CarrierCircuitBreaker circuitBreaker;
    @Autowired JdbcClient jdbc;
    @Autowired MeterRegistry meters;

    final UUID order = UUID.randomUUID();
    final String token = "token-of-" + order;

    @BeforeAll
    static void createQueues() {
        SqsFixture.createQueue(REQUESTS);
        SqsFixture.createQueue(CANCELLATIONS);
    }

    @BeforeEach
    void resetStubsAndQueues() {
        ShippingStubServer.reset();
        // A message left by an earlier test would create a shipment during this one.
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        eventually().until(() -> SqsFixture.depth(CANCELLATIONS) == 0);
        jdbc.sql("DELETE FROM shipment").update();
        SqsFixture.receiveAndDelete(REQUESTS + "-dlq");
        SqsFixture.receiveAndDelete(CANCELLATIONS + "-dlq");
    }

    static ConditionFactory eventually() {
        return await().pollInterval(Duration.ofMillis(50));
    }

    /// Waits for a condition that needs the scheduler to resume shipments, without their resume
    /// delay.
    void awaitResuming(Callable<Boolean> condition) {
        eventually()
                .until(
                        () -> {
                            jdbc.sql(
                                            "UPDATE shipment SET next_attempt_at = now() WHERE next_attempt_at > now()")
                                    .update();
                            return condition.call();
                        });
    }

    static void request(UUID orderId, String token) {
        SqsFixture.send(REQUESTS, arrange(orderId, token));
    }

    static String arrange(UUID orderId, String token) {
        return MessageCodec.write(new ArrangeShipment("ArrangeShipment", 1, orderId, token, TRACE));
    }

    static void cancel(UUID orderId) {
        SqsFixture.send(CANCELLATIONS, envelope(orderId));
    }

    static String envelope(UUID orderId) {
        var event =
                new OrderCancellationRequested(
                        OrderEvent.idOf(orderId, OrderCancellationRequested.class),
                        1,
                        Instant.parse("2026-11-02T12:00:00Z"),
                        orderId,
                        2,
                        "cust-1",
                        TRACE);
        return """
               {"version":"0","id":"e-1","detail-type":"OrderCancellationRequested","source":"orderflow.orders",
                "account":"000000000000","time":"2026-11-02T12:00:00Z","region":"us-east-1","resources":[],
                "detail":%s}"""
                .formatted(MessageCodec.write(event));
    }

    String state(UUID orderId) {
        return jdbc.sql("SELECT state || '/' || callback_state FROM shipment WHERE order_id = ?")
                .param(orderId)
                .query(String.class)
                .optional()
                .orElse("nothing");
    }

    long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    String storedRows() {
        return jdbc.sql("SELECT shipment::text FROM shipment")
                .query(String.class)
                .list()
                .toString();
    }

    double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    static List<String> reasons(String queue) {
        return SqsFixture.receiveAndDelete(queue + "-dlq").stream()
                .map(dead -> dead.messageAttributes().get("reason").stringValue())
                .toList();
    }
}
