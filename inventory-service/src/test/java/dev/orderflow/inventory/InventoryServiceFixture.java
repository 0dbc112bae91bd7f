package dev.orderflow.inventory;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.Total;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.RoundTripRecorder;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// inventory-service with its database and queue, called over HTTP. One application context
/// serves all subclasses.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=inventory-service",
            "orderflow.inventory.expiry.interval=1h",
            "orderflow.inventory.expiry.batch-size=1000",
            "orderflow.delivery.initial-back-off=0s",
            "spring.cloud.aws.sqs.listener.poll-timeout=1s",
            "spring.datasource.hikari.connection-init-sql=SET lock_timeout = '2s'"
        })
@ContextConfiguration(
        initializers = {
            PostgresFixture.class,
            SqsFixture.class,
            InventoryServiceFixture.InventoryEnvironment.class
        })
@Import({InventoryServiceFixture.MetersConfiguration.class, RoundTripRecorder.class})
public abstract class InventoryServiceFixture {

    protected static final String QUEUE = "stock-deductions";
    protected static final String API_KEY = "test-internal-api-key";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @LocalServerPort protected int port;
    @Autowired protected JdbcClient jdbc;
    @Autowired protected SimpleMeterRegistry meters;

    /// A registry that counts; Spring Boot provides none in tests.
    @TestConfiguration(proxyBeanMethods = false)
    static class MetersConfiguration {

        @Bean
        SimpleMeterRegistry countingMeters() {
            return new SimpleMeterRegistry();
        }
    }

    /// Creates the queue and sets the URL of order-service.
    static final class InventoryEnvironment
            implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            SqsFixture.createQueue(QUEUE, 3);
            TestPropertyValues.of("orderflow.inventory.order-service.url=" + OrderStateStub.url())
                    .applyTo(context);
        }
    }

    /// Checks after each test that stock, ledger and reservations are equal.
    @AfterEach
    void checkStockAgainstLedger() {
        var wrong =
                jdbc.sql(
                                """
                                SELECT sku FROM stock_balance WHERE NOT consistent
                                UNION ALL
                                SELECT sku FROM (
                                    SELECT sku,
                                           on_hand_after - lag(on_hand_after, 1, 0::bigint) OVER articles AS on_hand,
                                           on_hand_change,
                                           reserved_after - lag(reserved_after, 1, 0::bigint) OVER articles AS reserved,
                                           reserved_change
                                    FROM stock_ledger WINDOW articles AS (PARTITION BY sku ORDER BY entry)) AS steps
                                WHERE on_hand <> on_hand_change OR reserved <> reserved_change
                                UNION ALL
                                SELECT stock.sku FROM stock
                                WHERE reserved <> (
                                    SELECT coalesce(sum(quantity), 0)
                                    FROM reservation_line JOIN reservation USING (order_id)
                                    WHERE state = 'RESERVED' AND reservation_line.sku = stock.sku)
                                """)
                        .query((row, _) -> row.getString(1))
                        .list();
        if (!wrong.isEmpty()) {
            throw new AssertionError("stock, ledger and reservations differ for " + wrong);
        }
    }

    /// Creates an article that only this test uses.
    protected String createArticle(int quantity) {
        var sku = "SKU-" + UUID.randomUUID().toString().substring(0, 13).toUpperCase(Locale.ROOT);
        if (quantity > 0) {
            receive(sku, quantity, UUID.randomUUID().toString());
        }
        return sku;
    }

    protected ApiResponse receive(String sku, int quantity, String key) {
        return post(
                "/internal/stock/" + sku + "/receipts",
                key,
                "{\"quantity\":%d,\"reference\":\"delivery note 7\"}".formatted(quantity));
    }

    protected ApiResponse reserve(UUID order, String sku, int quantity) {
        return reserve(port, order, sku, quantity);
    }

    protected ApiResponse reserve(int port, UUID order, String sku, int quantity) {
        return post(
                port,
                "/internal/reservations",
                order + ":reservation",
                reserveBody(order, sku, quantity));
    }

    protected static String reserveBody(UUID order, String sku, int quantity) {
        return "{\"orderId\":\"%s\",\"lines\":[{\"sku\":\"%s\",\"quantity\":%d}]}"
                .formatted(order, sku, quantity);
    }

    protected static String reserveBody(UUID order, List<String> skus) {
        var lines =
                skus.stream().map(sku -> "{\"sku\":\"%s\",\"quantity\":1}".formatted(sku)).toList();
        return "{\"orderId\":\"%s\",\"lines\":[%s]}".formatted(order, String.join(",", lines));
    }

    protected ApiResponse release(UUID order) {
        return release(port, order);
    }

    protected ApiResponse release(int port, UUID order) {
        return post(port, "/internal/reservations/" + order + "/release", order + ":release", "{}");
    }

    protected JsonNode stock(String sku) {
        return get("/internal/stock/" + sku).json();
    }

    protected long available(String sku) {
        return stock(sku).path("available").longValue();
    }

    protected String state(UUID order) {
        return get("/internal/reservations/" + order).json().path("state").asString("");
    }

    protected double reservationCount(String state) {
        return meters.counter("inventory.reservations", "state", state).count();
    }

    /// The message that the rule puts on the queue when an order has shipped.
    protected static String shipped(UUID order, String sku, int quantity) {
        return envelope(
                new OrderShipped(
                        OrderEvent.idOf(order, OrderShipped.class),
                        1,
                        Instant.parse("2026-11-02T09:15:30.250Z"),
                        order,
                        3,
                        "cust-1842",
                        List.of(new dev.orderflow.contracts.EventLine(sku, quantity)),
                        new Total(new BigDecimal("49.90"), "EUR"),
                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    }

    protected static String envelope(OrderEvent event) {
        return """
               {"version":"0","id":"%s","detail-type":"%s","source":"orderflow.workflow","account":"000000000000",
                "time":"2026-11-02T09:15:31Z","region":"us-east-1","resources":[],"detail":%s}"""
                .formatted(UUID.randomUUID(), event.type(), MessageCodec.write(event));
    }

    protected ApiResponse get(String path) {
        return send(port, "GET", path, Map.of("X-Api-Key", API_KEY), "");
    }

    protected ApiResponse post(String path, String key, String body) {
        return post(port, path, key, body);
    }

    protected ApiResponse post(int port, String path, String key, String body) {
        return send(
                port,
                "POST",
                path,
                Map.of(
                        "X-Api-Key", API_KEY,
                        "Idempotency-Key", key,
                        "Content-Type", "application/json"),
                body);
    }

    protected ApiResponse send(
            int port, String method, String path, Map<String, String> headers, String body) {
        var request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return new ApiResponse(
                    HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    protected static <T> List<T> times(int count, java.util.function.IntFunction<T> one) {
        var all = new ArrayList<T>();
        for (int i = 0; i < count; i++) {
            all.add(one.apply(i));
        }
        return all;
    }

    protected record ApiResponse(HttpResponse<String> response) {

        public int status() {
            return response.statusCode();
        }

        public String body() {
            return response.body();
        }

        public JsonNode json() {
            return JsonMapper.shared().readTree(response.body());
        }

        /// The last part of the type of the problem.
        public String problem() {
            var type = json().path("type").asString("");
            return type.substring(type.lastIndexOf('/') + 1);
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        @Override
        public String toString() {
            return status() + " " + body();
        }
    }
}
