package dev.orderflow.order.web;

import static dev.orderflow.order.OrderApiClient.json;
import static dev.orderflow.order.OrderApiClient.orderBody;
import static dev.orderflow.order.OrderApiClient.problemType;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Every documented limit, at its maximum and one above.
@RunningOrderService
class OrderApiLimitsTest {

    private final OrderApiClient api;
    private final int port;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    @Autowired
    OrderApiLimitsTest(
            @LocalServerPort int port, JdbcClient jdbc, TransactionTemplate transactions) {
        this.api = new OrderApiClient(port);
        this.port = port;
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Test
    void aBodyHas64KiB() {
        var body = orderBody(api.createArticle("1.00", "EUR"), 1);
        var largest = body + " ".repeat(64 * 1024 - body.length());
        assertThat(place(largest).statusCode()).isEqualTo(201);
        assertThat(problemType(place(largest + " "))).isEqualTo("body-too-large");
    }

    @Test
    void anOrderHas50Lines() {
        var skus = IntStream.range(0, 51).mapToObj(_ -> api.createArticle("1.00", "EUR")).toList();
        assertThat(place(orderBody(lines(skus.subList(0, 50)))).statusCode()).isEqualTo(201);
        assertThat(problemType(place(orderBody(lines(skus))))).isEqualTo("invalid-request");
    }

    @Test
    void aLineHas1000OfAnArticle() {
        var sku = api.createArticle("1.00", "EUR");
        assertThat(place(orderBody(sku, 1000)).statusCode()).isEqualTo(201);
        assertThat(problemType(place(orderBody(sku, 1001)))).isEqualTo("invalid-request");
    }

    @ParameterizedTest
    @CsvSource({"Ada Lovelace, 100", "12 St James Square, 200", "London, 100", "pm_card_visa, 255"})
    void aTextHasAMaximumLength(String text, int longest) {
        var body = orderBody(api.createArticle("1.00", "EUR"), 1);
        assertThat(place(body.replace(text, "x".repeat(longest))).statusCode()).isEqualTo(201);
        assertThat(problemType(place(body.replace(text, "x".repeat(longest + 1)))))
                .isEqualTo("invalid-request");
    }

    /// Hong Kong has no postal codes, so no country format applies to a given one.
    @Test
    void aPostalCodeHas20Characters() {
        var body = orderBody(api.createArticle("1.00", "EUR"), 1).replace("\"GB\"", "\"HK\"");
        var longest = body.replace("SW1Y 4JH", "9".repeat(20));
        assertThat(place(longest).statusCode()).isEqualTo(201);
        assertThat(problemType(place(body.replace("SW1Y 4JH", "9".repeat(21)))))
                .isEqualTo("invalid-request");
    }

    @Test
    void anEmailAddressHas254Characters() {
        var body = orderBody(api.createArticle("1.00", "EUR"), 1);
        var domain = ("x".repeat(60) + ".").repeat(3);
        var longest =
                "a".repeat(64) + "@" + domain + "y".repeat(254 - 65 - domain.length() - 3) + ".z";
        longest = longest + "z".repeat(254 - longest.length());
        assertThat(longest).hasSize(254);
        assertThat(place(body.replace("ada@example.org", longest)).statusCode()).isEqualTo(201);
        assertThat(problemType(place(body.replace("ada@example.org", longest + "z"))))
                .isEqualTo("invalid-request");
    }

    @Test
    void aKeyHas255Characters() {
        var body = orderBody(api.createArticle("1.00", "EUR"), 1);
        assertThat(api.place("k".repeat(255), body).statusCode()).isEqualTo(201);
        assertThat(problemType(api.place("k".repeat(256), body)))
                .isEqualTo("idempotency-key-malformed");
    }

    @Test
    void aPageHas100OrdersOr500Articles() {
        assertThat(api.get("/orders?limit=100").statusCode()).isEqualTo(200);
        assertThat(problemType(api.get("/orders?limit=101"))).isEqualTo("invalid-request");
        assertThat(api.get("/catalogue?limit=500").statusCode()).isEqualTo(200);
        assertThat(problemType(api.get("/catalogue?limit=501"))).isEqualTo("invalid-request");
    }

    @Test
    void aCallerAboveTheLimitGets429AndOtherCallersDoNot() throws Exception {
        var eager = new OrderApiClient(port);
        var nothing = UUID.randomUUID().toString();
        var answers = manyAtOnce(400, () -> eager.cancel(nothing));
        var refused = answers.stream().filter(answer -> answer.statusCode() == 429).toList();
        assertThat(refused).isNotEmpty();
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 404).count())
                .isGreaterThanOrEqualTo(50);
        for (var answer : refused) {
            assertThat(problemType(answer)).isEqualTo("too-many-requests");
            assertThat(Long.parseLong(answer.headers().firstValue("Retry-After").orElseThrow()))
                    .isPositive();
        }
        // Another customer from the same address, and a read of the same customer.
        assertThat(api.cancel(nothing).statusCode()).isEqualTo(404);
        assertThat(eager.get("/orders/" + nothing).statusCode()).isEqualTo(404);
    }

    /// From another loopback address, so that no other test is limited; Linux accepts all of
    /// 127.0.0.0/8.
    @Test
    @EnabledOnOs(OS.LINUX)
    void invalidTokensAreRateLimitedAndValidTokensAreNot() throws Exception {
        List<HttpResponse<String>> guesses;
        try (var elsewhere =
                HttpClient.newBuilder().localAddress(InetAddress.getByName("127.0.0.9")).build()) {
            var guess =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders"))
                            .header("Authorization", "Bearer guess")
                            .build();
            guesses = manyAtOnce(1_000, () -> elsewhere.send(guess, BodyHandlers.ofString()));
        }
        assertThat(guesses).anyMatch(answer -> answer.statusCode() == 429);
        assertThat(guesses).allMatch(answer -> List.of(401, 429).contains(answer.statusCode()));
        assertThat(api.get("/orders").statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestThatWaitsTooLongForTheDatabaseIsAnswered503() throws Exception {
        var sku = api.createArticle("1.00", "EUR");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answer =
                    transactions.execute(
                            _ -> {
                                jdbc.sql("LOCK TABLE orders IN SHARE MODE").update();
                                try {
                                    return threads.submit(() -> place(orderBody(sku, 1))).get();
                                } catch (Exception unexpected) {
                                    throw new IllegalStateException(unexpected);
                                }
                            });
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(problemType(answer)).isEqualTo("temporarily-unavailable");
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
    }

    @Test
    void theDescriptionStatesTheLimits() {
        var docs = json(api.get("/v3/api-docs"));
        assertThat(docs.at("/info/description").asString())
                .contains("64 KiB", "16 KiB", "429", "Retry-After", "each instance");
        assertThat(docs.at("/components/schemas/NewOrder/properties/lines/maxItems").asInt())
                .isEqualTo(50);
        assertThat(docs.at("/paths/~1orders/get/parameters").toString()).contains("100");
        assertThat(docs.at("/paths/~1catalogue/get/parameters").toString()).contains("500");
    }

    private HttpResponse<String> place(String body) {
        return api.place(UUID.randomUUID().toString(), body);
    }

    private static String lines(List<String> skus) {
        return skus.stream()
                .map("{\"sku\":\"%s\",\"quantity\":1}"::formatted)
                .collect(Collectors.joining(","));
    }

    private static List<HttpResponse<String>> manyAtOnce(
            int count, Callable<HttpResponse<String>> request) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var pending = IntStream.range(0, count).mapToObj(_ -> threads.submit(request)).toList();
            var answers = new ArrayList<HttpResponse<String>>();
            for (var answer : pending) {
                answers.add(answer.get());
            }
            return answers;
        }
    }
}
