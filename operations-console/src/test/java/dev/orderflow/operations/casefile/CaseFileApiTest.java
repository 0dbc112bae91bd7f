package dev.orderflow.operations.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.defaults.history.OrderHistoryState;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.ConsoleApi;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.ServiceStubs.StubbedOrder;
import dev.orderflow.operations.auditor.Invariant;
import dev.orderflow.operations.audittrail.AuditTrail;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@OperationsConsoleFixture
class CaseFileApiTest {

    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");

    private static final Operator GRACE = new Operator("grace", "Grace", Set.of());

    private final ConsoleApi api;
    private final AuditTrail auditTrail;
    private final JdbcClient jdbc;

    @Autowired
    CaseFileApiTest(@LocalServerPort int port, AuditTrail auditTrail, JdbcClient jdbc) {
        this.api = new ConsoleApi(port);
        this.auditTrail = auditTrail;
        this.jdbc = jdbc;
    }

    @BeforeEach
    void reset() {
        ServiceStubs.reset();
    }

    @Test
    void anUnknownOrderIsNotFoundAndAMalformedIdIsRefused() {
        var unknown = api.send("GET", "/orders/" + UUID.randomUUID(), "");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("problems/order-not-found");
        assertThat(api.send("GET", "/orders/1-1-1-1-1", "").statusCode()).isEqualTo(400);
        assertThat(api.send("GET", "/orders/" + UUID.randomUUID() + "?limit=0", "").statusCode())
                .isEqualTo(400);
        assertThat(api.getWithoutCredentials("/orders/" + UUID.randomUUID()).statusCode())
                .isIn(401, 403);
    }

    @Test
    void ordersAreSearchedAtOrderServiceWhichNamesABadFilter() {
        assertThat(api.get("/orders?state=PENDING&limit=7").path("query").asString())
                .contains("state=PENDING", "limit=7");
        var bad = api.send("GET", "/orders?state=LOST", "");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("\"field\":\"state\"", "must be known");
        var unknown = api.send("GET", "/orders?stat=PENDING", "");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("stat");
        ServiceStubs.setUnavailable("/internal/orders");
        assertThat(api.send("GET", "/orders", "").statusCode()).isEqualTo(503);
    }

    @Test
    void whatAllPartsKnowIsOneTimelineInCausalOrder() {
        var order = order();
        var file = api.get("/orders/" + order.id);
        assertThat(summaries(file))
                .containsExactly("The order was placed.", "It was authorised.", "It was shipped.");
        assertThat(file.at("/states/0/summary").asString()).isEqualTo("The order is SHIPPED.");
        assertThat(file.at("/timeline/1/part").asString()).isEqualTo("payment-service");
        assertThat(file.at("/timeline/1/ids/idempotencyKey").asString()).isEqualTo("k-1");
        assertThat(file.at("/timeline/1/clocksDiffer").asBoolean()).isTrue();
        assertThat(file.path("parts").valueStream().map(part -> part.path("part").asString()))
                .containsExactly(
                        "order-service",
                        "inventory-service",
                        "payment-service",
                        "shipping-service",
                        "notification-service",
                        "Step Functions",
                        "dead letters",
                        "audit trail",
                        "auditor");
    }

    @Test
    void aPartThatIsDownIsNamedWithItsProblemAndSinceWhen() {
        var order = order();
        ServiceStubs.setUnavailable("/internal/payments");
        var before = Instant.now();
        api.get("/orders/" + order.id);
        var file = api.get("/orders/" + order.id);
        var payment = part(file, "payment-service");
        assertThat(payment.path("available").asBoolean()).isFalse();
        assertThat(payment.path("problem").asString())
                .isEqualTo("payment-service responded with HTTP 503");
        assertThat(Instant.parse(payment.path("unavailableSince").asString()))
                .isBetween(before.minusSeconds(1), Instant.now());
        assertThat(file.path("complete").asBoolean()).isFalse();
        assertThat(summaries(file)).containsExactly("The order was placed.", "It was shipped.");
        ServiceStubs.setUnavailable("");
        assertThat(part(api.get("/orders/" + order.id), "payment-service").has("unavailableSince"))
                .isFalse();
    }

    @Test
    void theCaseFileIsPartialWhenOrderServiceIsDown() {
        var order = order();
        ServiceStubs.setUnavailable("/internal/orders");
        var file = api.get("/orders/" + order.id);
        assertThat(part(file, "order-service").path("available").asBoolean()).isFalse();
        assertThat(summaries(file)).contains("It was authorised.");
    }

    @Test
    void aLongTimelineKeepsItsBeginningAndItsEndAndSaysWhatIsOmitted() {
        var order = order();
        order.histories.put(
                "payments",
                OrderHistory.of(
                        List.of(),
                        IntStream.range(0, 100)
                                .mapToObj(i -> entry("Entry " + i + ".", 10 + i))
                                .toList()));
        var file = api.get("/orders/" + order.id + "?limit=30");
        assertThat(file.path("timeline")).hasSize(30);
        assertThat(file.path("omitted").asInt()).isEqualTo(72);
        assertThat(file.path("complete").asBoolean()).isFalse();
        assertThat(summaries(file)).startsWith("The order was placed.").endsWith("It was shipped.");
    }

    @Test
    void whatOperatorsDidAndViolatedInvariantsAreEntriesWithoutPersonalData() {
        var order = order();
        auditTrail.record(
                GRACE,
                "REDRIVE_MESSAGE",
                order.id.toString(),
                "asked by jane@example.com",
                "redrive=1");
        jdbc.sql(
                        """
                        INSERT INTO violation (invariant, subject, detail, opened_at)
                        VALUES ('SHIPPED_ORDER_IS_CAPTURED', :order, 'nothing captured', now())
                        """
                                .replace("SHIPPED_ORDER_IS_CAPTURED", Invariant.values()[0].name()))
                .param("order", order.id.toString())
                .update();
        var file = api.get("/orders/" + order.id);
        jdbc.sql("DELETE FROM violation WHERE subject = :order")
                .param("order", order.id.toString())
                .update();
        assertThat(summaries(file))
                .contains(
                        "Grace: sent a dead letter back to its queue, because: asked by (withheld).")
                .anyMatch(summary -> summary.endsWith("is violated: nothing captured."));
    }

    @Test
    void anOrderThatOrderServiceDoesNotKnowHasACaseFileWhenAnotherPartNamesIt() {
        var unknown = UUID.randomUUID();
        auditTrail.record(GRACE, "DISCARD_MESSAGE", unknown.toString(), "unknown order", "x");
        var file = api.get("/orders/" + unknown);
        assertThat(file.at("/states/0/summary").asString())
                .isEqualTo("order-service does not know the order.");
        assertThat(file.path("timeline")).hasSize(1);
    }

    private static StubbedOrder order() {
        var order = ServiceStubs.putOrder("SHIPPED");
        order.histories.put(
                "orders",
                OrderHistory.of(
                        List.of(
                                new OrderHistoryState(
                                        "order-service", "SHIPPED", "The order is SHIPPED.")),
                        List.of(entry("The order was placed.", 0).marking("requested:k-1"))));
        // The clock of payment-service is behind.
        order.histories.put(
                "payments",
                OrderHistory.of(
                        List.of(),
                        List.of(
                                entry("It was authorised.", -30)
                                        .withId("idempotencyKey", "k-1")
                                        .after("requested:k-1"))));
        order.histories.put(
                "shipments", OrderHistory.of(List.of(), List.of(entry("It was shipped.", 200))));
        return order;
    }

    private static OrderHistoryEntry entry(String summary, long second) {
        return OrderHistoryEntry.of(
                NOON.plusSeconds(second), "part", "TYPE", OrderHistoryOutcome.DONE, summary);
    }

    private static JsonNode part(JsonNode file, String name) {
        return file.path("parts")
                .valueStream()
                .filter(part -> part.path("part").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> summaries(JsonNode file) {
        return file.path("timeline")
                .valueStream()
                .map(entry -> entry.path("summary").asString())
                .toList();
    }
}
