package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.RoundTripRecorder;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.fixture.TestOperators;
import dev.orderflow.payment.operation.OutcomeReconciler;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// payment-service with a database and a fake gateway, called over HTTP. One application context
/// serves all subclasses.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=payment-service",
            "orderflow.payment.gateway.api-key=sk_test_unused",
            // The tests run the reconciler themselves.
            "orderflow.payment.reconciliation.interval=1h",
            "orderflow.payment.reconciliation.batch-size=1000",
            // A registry with cumulative counters instead of one that resets them each minute.
            "management.cloudwatch.metrics.export.namespace=false"
        })
@ContextConfiguration(initializers = {PostgresFixture.class, SqsFixture.class})
@Import({PaymentServiceFixture.Doubles.class, RoundTripRecorder.class})
abstract class PaymentServiceFixture {

    @TestConfiguration
    static class Doubles {
        @Bean
        @Primary
        FakePaymentGateway fakePaymentGateway() {
            return new FakePaymentGateway();
        }
    }

    static final String AMOUNT = "{\"amount\":\"49.90\",\"currency\":\"EUR\"}";
    static final String CAPTURE = "{\"amount\":" + AMOUNT + "}";
    static final String REFUND = "{\"amount\":" + AMOUNT + ",\"reason\":\"CUSTOMER_REQUEST\"}";

    final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final UUID order = UUID.randomUUID();

    @LocalServerPort int port;
    @Autowired FakePaymentGateway gateway;
    @Autowired OutcomeReconciler reconciler;
    @Autowired JdbcClient jdbc;
    @Autowired MeterRegistry meters;

    @BeforeEach
    void resetGatewayAndDatabase() {
        gateway.reset();
        jdbc.sql("TRUNCATE payment, payment_operation, unknown_outcome, waiting_action").update();
    }

    static String refundBody(String amount) {
        return "{\"amount\":{\"amount\":\"%s\",\"currency\":\"EUR\"},\"reason\":\"CUSTOMER_REQUEST\"}"
                .formatted(amount);
    }

    static String amount(HttpResponse<String> response, String name) {
        return json(response).path(name).path("amount").asString();
    }

    HttpResponse<String> authorize() {
        return authorize(order + ":authorization", authorizationBody("pm_card_visa"));
    }

    HttpResponse<String> authorize(String key, String body) {
        return post("authorization", key, body);
    }

    HttpResponse<String> capture() {
        return post("capture", order + ":capture", CAPTURE);
    }

    HttpResponse<String> voidPayment() {
        return post("void", order + ":void", "{}");
    }

    HttpResponse<String> refund() {
        return post("refund", order + ":refund", REFUND);
    }

    static String authorizationBody(String paymentMethod) {
        return "{\"customerRef\":\"cust-1842\",\"paymentMethodId\":\"%s\",\"amount\":%s}"
                .formatted(paymentMethod, AMOUNT);
    }

    HttpResponse<String> post(String step, String key, String body) {
        return send(order + "/" + step, key, body);
    }

    HttpResponse<String> send(String path, String key, String body) {
        var credentials = TestOperators.credentials("POST", uri(path).getPath());
        var request =
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .header(credentials.getKey(), credentials.getValue())
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return call(() -> http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    HttpResponse<String> get(String path) {
        var request =
                HttpRequest.newBuilder(uri(path))
                        .header("X-Api-Key", "test-internal-api-key")
                        .build();
        return call(() -> http.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    URI uri(String path) {
        return URI.create("http://localhost:" + port + "/internal/payments/" + path).normalize();
    }

    static <T> T call(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    static <T> List<T> callConcurrently(int count, Callable<T> call) throws Exception {
        var start = new CyclicBarrier(count);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<T>>();
            for (int i = 0; i < count; i++) {
                futures.add(
                        threads.submit(
                                () -> {
                                    start.await();
                                    return call.call();
                                }));
            }
            var results = new ArrayList<T>();
            for (var future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    String state() {
        return json(get(order.toString())).get("state").asString();
    }

    static void assertProblem(HttpResponse<String> response, int status, String slug) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        assertThat(json(response).path("type").asString(""))
                .as(response.body())
                .isEqualTo("https://orderflow.dev/problems/" + slug);
    }

    void expireLeases() {
        jdbc.sql("UPDATE payment_operation SET lease_expires_at = now() - interval '1 second'")
                .update();
    }

    void makeStatusChecksDue() {
        jdbc.sql("UPDATE unknown_outcome SET next_check_at = now() - interval '1 second'").update();
    }

    void reconcileUnknownOutcomes() {
        makeStatusChecksDue();
        reconciler.reconcileDue();
    }
}
