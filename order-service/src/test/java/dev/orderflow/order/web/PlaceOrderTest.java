package dev.orderflow.order.web;

import static dev.orderflow.order.OrderApiClient.json;
import static dev.orderflow.order.OrderApiClient.orderBody;
import static dev.orderflow.order.OrderApiClient.problemType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.defaults.fixture.RoundTripRecorder;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import dev.orderflow.order.StoredEvents;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@RunningOrderService
@ExtendWith(OutputCaptureExtension.class)
class PlaceOrderTest {

    private final OrderApiClient api;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final SimpleMeterRegistry meters;
    private final RoundTripRecorder roundTrips;
    private final StoredEvents events;

    @Autowired
    PlaceOrderTest(
            @LocalServerPort int port,
            JdbcClient jdbc,
            TransactionTemplate transactions,
            SimpleMeterRegistry meters,
            RoundTripRecorder roundTrips,
            StoredEvents events) {
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.meters = meters;
        this.roundTrips = roundTrips;
        this.events = events;
    }

    @Test
    void anOrderIsPricedByTheServerAndAnsweredAsPending() {
        var sku = api.createArticle("24.95", "EUR");
        var answer = api.place("first", orderBody(sku, 2));
        assertThat(answer.statusCode()).isEqualTo(201);
        var order = json(answer);
        assertThat(order.path("state").asString()).isEqualTo("PENDING");
        assertThat(order.path("version").asInt()).isEqualTo(1);
        assertThat(order.at("/total/amount").asString()).isEqualTo("49.90");
        assertThat(order.at("/total/currency").asString()).isEqualTo("EUR");
        assertThat(order.at("/lines/0/unitPrice/amount").asString()).isEqualTo("24.95");
        assertThat(order.at("/timeline/0/type").asString()).isEqualTo("OrderPlaced");
        var location = answer.headers().firstValue("Location").orElseThrow();
        assertThat(location).isEqualTo("/orders/" + order.path("orderId").asString());
        assertThat(json(api.get(location))).isEqualTo(order);
    }

    @Test
    void theStoredEventContainsTheArticlesAndNoPersonalData() {
        var sku = api.createArticle("24.95", "EUR");
        var id = json(api.place("event", orderBody(sku, 2))).path("orderId").asString();
        var detail = events.findByCustomer(api.customer()).getFirst();
        assertThat(detail)
                .doesNotContain("ada@", "Lovelace", "James", "London", "pm_card", "A mug");
        assertThat(MessageCodec.readEvent(envelope(detail)))
                .isInstanceOfSatisfying(
                        ParsedMessage.ValidMessage.class,
                        known ->
                                assertThat(known.message())
                                        .isInstanceOfSatisfying(
                                                OrderCreated.class,
                                                created -> {
                                                    assertThat(created.orderId()).hasToString(id);
                                                    assertThat(created.orderVersion()).isEqualTo(1);
                                                    assertThat(created.lines())
                                                            .containsExactly(new EventLine(sku, 2));
                                                    assertThat(created.total().amount())
                                                            .isEqualTo("49.90");
                                                    assertThat(created.traceparent())
                                                            .startsWith("00-");
                                                }));
    }

    @Test
    void theStoredEventContinuesTheTraceOfTheRequest() {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var answer =
                api.placeTraced(
                        "traced",
                        orderBody(api.createArticle("1", "EUR"), 1),
                        "00-" + trace + "-00f067aa0ba902b7-01");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(events.findByCustomer(api.customer()).getFirst())
                .containsPattern("\"traceparent\": ?\"00-" + trace + "-")
                .doesNotContain("00f067aa0ba902b7");
    }

    @Test
    void theStoredResponseContainsNoPersonalData() {
        var answer = api.place("personal", orderBody(api.createArticle("1", "EUR"), 1));
        assertThat(answer.body()).doesNotContain("ada@", "Lovelace", "James", "pm_card");
    }

    @Test
    void aRepeatedRequestGetsTheFirstResponseByteForByteAndPlacesNoSecondOrder() {
        var sku = api.createArticle("5.00", "EUR");
        var first = api.place("again", orderBody(sku, 1));
        api.putArticle(sku, "6.00", "EUR");
        var again = api.place("again", orderBody(sku, 1).replace("\",", "\" , "));
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(orders()).isEqualTo(1);
    }

    @Test
    void anotherRequestUnderTheSameKeyIsRefused() {
        var sku = api.createArticle("5.00", "EUR");
        api.place("reused", orderBody(sku, 1));
        var other = api.place("reused", orderBody(sku, 2));
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(problemType(other)).isEqualTo("idempotency-key-reused");
        var elsewhere =
                api.place(
                        "reused", orderBody(sku, 1).replace("ada@example.org", "eve@example.org"));
        assertThat(elsewhere.statusCode()).isEqualTo(422);
        assertThat(orders()).isEqualTo(1);
    }

    @Test
    void theSameKeyOfAnotherCustomerIsAnotherKey(@LocalServerPort int port) {
        var sku = api.createArticle("5.00", "EUR");
        var mine = api.place("shared", orderBody(sku, 1));
        var theirs = new OrderApiClient(port).place("shared", orderBody(sku, 1));
        assertThat(theirs.statusCode()).isEqualTo(201);
        assertThat(theirs.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(json(theirs).path("orderId")).isNotEqualTo(json(mine).path("orderId"));
    }

    @Test
    void aMissingOrMalformedIdempotencyKeyIsRefused() {
        var sku = api.createArticle("5.00", "EUR");
        var missing =
                api.send(
                        api.request("/orders")
                                .header("Authorization", api.authorization())
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(orderBody(sku, 1))));
        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(problemType(missing)).isEqualTo("idempotency-key-missing");
        assertThat(problemType(api.place("a key", orderBody(sku, 1))))
                .isEqualTo("idempotency-key-malformed");
        assertThat(problemType(api.place("k".repeat(256), orderBody(sku, 1))))
                .isEqualTo("idempotency-key-malformed");
        assertThat(orders()).isZero();
    }

    @Test
    void whileTheFirstRequestIsInProgressTheSecondGets409() throws Exception {
        var sku = api.createArticle("5.00", "EUR");
        createTriggerThatWaits();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first =
                    transactions.execute(
                            _ -> {
                                blockInsertsOfOrders();
                                var placing =
                                        threads.submit(() -> api.place("busy", orderBody(sku, 1)));
                                await().until(() -> waitingForInserts() > 0);
                                var meanwhile = api.place("busy", orderBody(sku, 1));
                                assertThat(meanwhile.statusCode()).isEqualTo(409);
                                assertThat(problemType(meanwhile)).isEqualTo("request-in-flight");
                                assertThat(meanwhile.headers().firstValue("Retry-After"))
                                        .isPresent();
                                return placing;
                            });
            assertThat(first.get().statusCode()).isEqualTo(201);
        } finally {
            jdbc.sql("DROP FUNCTION wait_for_test CASCADE").update();
        }
        assertThat(
                        api.place("busy", orderBody(sku, 1))
                                .headers()
                                .firstValue("Idempotency-Replayed"))
                .contains("true");
        assertThat(orders()).isEqualTo(1);
    }

    @Test
    void concurrentRequestsWithOneKeyPlaceOneOrder() throws Exception {
        var sku = api.createArticle("5.00", "EUR");
        List<HttpResponse<String>> answers;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures =
                    IntStream.range(0, 32)
                            .mapToObj(
                                    _ -> threads.submit(() -> api.place("rush", orderBody(sku, 1))))
                            .toList();
            answers = new ArrayList<>();
            for (var future : futures) {
                answers.add(future.get());
            }
        }
        assertThat(answers).allMatch(it -> it.statusCode() == 201 || it.statusCode() == 409);
        assertThat(
                        answers.stream()
                                .filter(it -> it.statusCode() == 201)
                                .filter(
                                        it ->
                                                it.headers()
                                                        .firstValue("Idempotency-Replayed")
                                                        .isEmpty()))
                .hasSize(1);
        assertThat(
                        answers.stream()
                                .filter(it -> it.statusCode() == 201)
                                .map(HttpResponse::body)
                                .distinct())
                .hasSize(1);
        assertThat(orders()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "order_line", "outbox", "idempotency_key"})
    void anOrderIsStoredWithItsEventAndItsResponseOrNotAtAll(String table, CapturedOutput output) {
        var sku = api.createArticle("5.00", "EUR");
        jdbc.sql("ALTER TABLE %s ADD CONSTRAINT is_full CHECK (false) NOT VALID".formatted(table))
                .update();
        try {
            var answer = api.place("all-or-nothing", orderBody(sku, 1));
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("is_full", "constraint");
            assertThat(output).contains("is_full").doesNotContain("ada@", "Lovelace", "pm_card");
            assertThat(orders()).isZero();
            assertThat(events.findByCustomer(api.customer())).isEmpty();
        } finally {
            jdbc.sql("ALTER TABLE %s DROP CONSTRAINT is_full".formatted(table)).update();
        }
        assertThat(api.place("all-or-nothing", orderBody(sku, 1)).statusCode()).isEqualTo(201);
        assertThat(orders()).isEqualTo(1);
        assertThat(events.findByCustomer(api.customer())).hasSize(1);
    }

    @Test
    void aRefusedRequestDoesNotUseUpItsKey() {
        var sku = api.createArticle("5.00", "EUR");
        assertThat(api.place("free", orderBody("NO-SUCH-THING", 1)).statusCode()).isEqualTo(422);
        assertThat(api.place("free", orderBody(sku, 1)).statusCode()).isEqualTo(201);
    }

    @Test
    void unknownArticlesAreReportedBySku() {
        var answer =
                api.place(
                        "unknown",
                        orderBody(
                                """
                                {"sku":"%s","quantity":1},{"sku":"NO-SUCH-THING","quantity":1}"""
                                        .formatted(api.createArticle("1", "EUR"))));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(problemType(answer)).isEqualTo("article-unknown");
        assertThat(json(answer).path("skus").toString()).isEqualTo("[\"NO-SUCH-THING\"]");
        assertThat(orders()).isZero();
    }

    @Test
    void anArticleInTwoLinesIsRefused() {
        var sku = api.createArticle("1", "EUR");
        var line = "{\"sku\":\"%s\",\"quantity\":1}".formatted(sku);
        var answer = api.place("twice", orderBody(line + "," + line));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(problemType(answer)).isEqualTo("article-duplicate");
    }

    @Test
    void articlesOfDifferentCurrenciesAreRefused() {
        var answer =
                api.place(
                        "mixed",
                        orderBody(
                                """
                                {"sku":"%s","quantity":1},{"sku":"%s","quantity":1}"""
                                        .formatted(
                                                api.createArticle("1", "EUR"),
                                                api.createArticle("1", "GBP"))));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(problemType(answer)).isEqualTo("currencies-mixed");
    }

    @Test
    void aNewPriceAppliesToLaterOrdersOnly() {
        var sku = api.createArticle("5.00", "EUR");
        var before = json(api.place("before", orderBody(sku, 1))).path("orderId").asString();
        api.putArticle(sku, "6.00", "EUR");
        var after = api.place("after", orderBody(sku, 1));
        assertThat(json(after).at("/total/amount").asString()).isEqualTo("6.00");
        assertThat(json(api.get("/orders/" + before)).at("/total/amount").asString())
                .isEqualTo("5.00");
    }

    @Test
    void theLargestOrderIsAccepted() {
        var lines =
                IntStream.range(0, 50)
                        .mapToObj(_ -> api.createArticle("19.99", "EUR"))
                        .map("{\"sku\":\"%s\",\"quantity\":1000}"::formatted)
                        .toList();
        var answer = api.place("largest", orderBody(String.join(",", lines)));
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(json(answer).at("/total/amount").asString()).isEqualTo("999500.00");
        assertThat(json(answer).path("lines")).hasSize(50);
    }

    @ParameterizedTest
    @CsvSource({
        "100000.00,EUR,1000",
        "999999.99,EUR,2",
        "9999999999.99,IDR,1000",
        "0.10,EUR,4",
        "0.01,GBP,29",
        "1,JPY,49"
    })
    void aTotalThatTheGatewayCannotChargeIsRefused(String price, String currency, int quantity) {
        var answer =
                api.place(
                        "not-chargeable", orderBody(api.createArticle(price, currency), quantity));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(problemType(answer)).isEqualTo("total-not-chargeable");
        assertThat(json(answer).at("/errors/0/field").asString()).isEqualTo("lines");
        assertThat(json(answer).at("/maximum/currency").asString()).isEqualTo(currency);
        assertThat(orders()).isZero();
        assertThat(events.findByCustomer(api.customer())).isEmpty();
    }

    @Test
    void cheapArticlesAreSoldIfTheTotalReachesTheMinimum() {
        assertThat(api.place("cheap", orderBody(api.createArticle("0.10", "EUR"), 5)).statusCode())
                .isEqualTo(201);
    }

    @Test
    void anOrderOfThreeLinesTakesOneRoundTripWithCachedPrices() {
        var body = orderOfThreeLines();
        // The price cache is short-lived, so one of a few attempts may read prices again.
        var fewest =
                IntStream.range(0, 5)
                        .mapToObj(_ -> roundTripsOf(UUID.randomUUID().toString(), body))
                        .min(Comparator.comparing(List::size))
                        .orElseThrow();
        assertThat(fewest).as("%s", fewest).hasSize(1);
        assertThat(fewest.getFirst())
                .contains(
                        "INSERT INTO idempotency_key",
                        "INSERT INTO orders",
                        "INSERT INTO order_line",
                        "INSERT INTO outbox");
    }

    @Test
    void aRepeatedRequestTakesOneRoundTripWithCachedPrices() {
        var body = orderOfThreeLines();
        var key = UUID.randomUUID().toString();
        api.place(key, body);
        var fewest =
                IntStream.range(0, 5)
                        .mapToObj(_ -> roundTripsOf(key, body))
                        .min(Comparator.comparing(List::size))
                        .orElseThrow();
        assertThat(fewest).as("%s", fewest).hasSize(1);
    }

    private String orderOfThreeLines() {
        return orderBody(
                IntStream.range(0, 3)
                        .mapToObj(_ -> api.createArticle("1.00", "EUR"))
                        .map("{\"sku\":\"%s\",\"quantity\":1}"::formatted)
                        .collect(Collectors.joining(",")));
    }

    private List<String> roundTripsOf(String key, String body) {
        var trace = RoundTripRecorder.startTrace();
        assertThat(api.placeTraced(key, body, RoundTripRecorder.traceparent(trace)).statusCode())
                .isEqualTo(201);
        return roundTrips.findByTrace(trace);
    }

    @Test
    void acceptedOrdersAreCountedWithoutRepeatedRequests() {
        var sku = api.createArticle("1.00", "EUR");
        var accepted = meters.get("orders.accepted").counter();
        var acceptance = meters.get("orders.acceptance").timer();
        double before = accepted.count();
        long timed = acceptance.count();
        api.place("counted", orderBody(sku, 1));
        api.place("counted", orderBody(sku, 1));
        api.place("refused", orderBody("NO-SUCH-THING", 1));
        assertThat(accepted.count()).isEqualTo(before + 1);
        assertThat(acceptance.count()).isEqualTo(timed + 1);
    }

    private int orders() {
        return jdbc.sql("SELECT count(*) FROM orders WHERE customer_ref = :customer")
                .param("customer", api.customer())
                .query(Integer.class)
                .single();
    }

    private static String envelope(String detail) {
        return """
               {"id":"1","time":"2026-11-20T10:00:00Z","detail-type":"OrderCreated","detail":%s}"""
                .formatted(detail);
    }

    /// A lock of the table would block a statement before it asks for its key.
    private void createTriggerThatWaits() {
        jdbc.sql(
                        """
                        CREATE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                            IF new.customer_ref = '%s' THEN
                                PERFORM pg_advisory_xact_lock(4711, 1);
                            END IF;
                            RETURN new;
                        END $$;
                        CREATE TRIGGER wait_for_test BEFORE INSERT ON orders
                        FOR EACH ROW EXECUTE FUNCTION wait_for_test();
                        """
                                .formatted(api.customer()))
                .update();
    }

    private void blockInsertsOfOrders() {
        jdbc.sql("SELECT FROM pg_advisory_xact_lock(4711, 1)").query((_, _) -> 1).list();
    }

    private int waitingForInserts() {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM pg_locks
                        WHERE NOT granted AND locktype = 'advisory' AND classid = 4711
                        """)
                .query(Integer.class)
                .single();
    }
}
