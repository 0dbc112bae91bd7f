package dev.orderflow.analytics;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.Total;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole service with its database and queue. All tests share one context; the tables are empty
/// before each.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=analytics-service",
            "orderflow.delivery.initial-back-off=0s"
        })
@ContextConfiguration(
        initializers = {
            PostgresFixture.class,
            SqsFixture.class,
            AnalyticsServiceFixture.AnalyticsQueue.class
        })
@Import({
    AnalyticsServiceFixture.MeterConfiguration.class,
    RoundTripCounter.CountingConfiguration.class
})
public abstract class AnalyticsServiceFixture {

    protected static final String QUEUE = "analytics";
    protected static final Map<String, String> KEY = Map.of("X-Api-Key", "test-internal-api-key");
    protected static final Instant START = Instant.now().minusSeconds(600);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @LocalServerPort protected int port;
    @Autowired protected JdbcClient jdbc;
    @Autowired protected SimpleMeterRegistry meters;

    static final class AnalyticsQueue
            implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            SqsFixture.createQueue(QUEUE, 3);
        }
    }

    /// A registry that counts; Spring Boot configures none in tests.
    @TestConfiguration(proxyBeanMethods = false)
    static class MeterConfiguration {

        @Bean
        SimpleMeterRegistry countingMeters() {
            return new SimpleMeterRegistry();
        }
    }

    @BeforeEach
    protected void resetState() {
        jdbc.sql("TRUNCATE fact, order_state, orders_by_state, facts_per_minute").update();
    }

    /// All rows of the projections for comparison, without the previous_ columns, which depend on
    /// the order of arrival.
    protected List<String> projections() {
        return jdbc.sql(
                        """
                        SELECT 'order state ' || (order_id, version, state, total_amount, currency, changed_at) AS line
                        FROM order_state
                        UNION ALL
                        SELECT 'by state ' || orders_by_state FROM orders_by_state WHERE orders > 0
                        UNION ALL
                        SELECT 'minute ' || facts_per_minute FROM facts_per_minute
                        ORDER BY line
                        """)
                .query((row, _) -> row.getString("line"))
                .list();
    }

    protected long facts() {
        return jdbc.sql("SELECT count(*) FROM fact").query((row, _) -> row.getLong(1)).single();
    }

    protected JsonNode summary() {
        return JsonMapper.shared().readTree(get("/internal/summary").body());
    }

    protected HttpResponse<String> get(String path) {
        return send("GET", path, KEY);
    }

    protected HttpResponse<String> send(String method, String path, Map<String, String> headers) {
        return send(method, path, headers, "");
    }

    protected HttpResponse<String> send(
            String method, String path, Map<String, String> headers, String body) {
        var request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    protected static OrderEvent created(UUID order, String amount) {
        return new OrderCreated(
                OrderEvent.idOf(order, OrderCreated.class),
                1,
                START,
                order,
                1,
                "cust-1842",
                List.of(new EventLine("MUG-BLUE", 2)),
                euros(amount),
                TRACE);
    }

    protected static OrderEvent confirmed(UUID order, String amount) {
        return new OrderConfirmed(
                OrderEvent.idOf(order, OrderConfirmed.class),
                1,
                START.plusSeconds(70),
                order,
                2,
                "cust-1842",
                euros(amount),
                TRACE);
    }

    protected static OrderEvent shipped(UUID order, Total total) {
        return new OrderShipped(
                OrderEvent.idOf(order, OrderShipped.class),
                1,
                START.plusSeconds(140),
                order,
                3,
                "cust-1842",
                List.of(new EventLine("MUG-BLUE", 2)),
                total,
                TRACE);
    }

    protected static OrderEvent rejected(UUID order, String amount) {
        return new OrderRejected(
                OrderEvent.idOf(order, OrderRejected.class),
                1,
                START.plusSeconds(80),
                order,
                3,
                "cust-1842",
                OrderRejected.OrderRejectionReason.OUT_OF_STOCK,
                euros(amount),
                TRACE);
    }

    protected static OrderEvent cancelled(UUID order, String amount) {
        return new OrderCancelled(
                OrderEvent.idOf(order, OrderCancelled.class),
                1,
                START.plusSeconds(90),
                order,
                3,
                "cust-1842",
                OrderCancelled.OrderCancellationReason.CUSTOMER_REQUEST,
                euros(amount),
                TRACE);
    }

    protected static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    protected static Total euros(String amount) {
        return new Total(new BigDecimal(amount), "EUR");
    }

    protected static String enveloped(OrderEvent event) {
        return enveloped(event, "");
    }

    protected static String replayed(OrderEvent event) {
        return enveloped(event, "\"replay-name\":\"rebuild-7\",");
    }

    private static String enveloped(OrderEvent event, String more) {
        return """
               {"version":"0","id":"%s","detail-type":"%s","source":"orderflow.workflow","account":"000000000000",
                "time":"2026-11-02T09:15:31Z","region":"us-east-1","resources":[],%s"detail":%s}"""
                .formatted(UUID.randomUUID(), event.type(), more, MessageCodec.write(event));
    }
}
