package dev.orderflow.operations.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.operations.OperationsConsoleApplication;
import dev.orderflow.operations.auditor.ServiceStubs.StubbedState;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
        classes = OperationsConsoleApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=operations-console",
            "orderflow.operations.state-machine-arn=arn:aws:states:us-east-1:000000000000:stateMachine:none",
            // The tests go round by themselves.
            "orderflow.operations.auditor.every=1h",
            "orderflow.operations.auditor.batch=3",
            "management.cloudwatch.metrics.export.namespace=false"
        })
@ContextConfiguration(initializers = {PostgresFixture.class, SqsFixture.class, ServiceStubs.class})
class AuditorTest {

    private static final String HELD = "\"amount\":" + ServiceStubs.TOTAL;
    private static final String TAKEN = HELD + ",\"captured\":" + ServiceStubs.TOTAL;
    private static final String GIVEN_BACK = TAKEN + ",\"refunded\":" + ServiceStubs.TOTAL;
    private static final String PART_GIVEN_BACK =
            TAKEN + ",\"refunded\":{\"amount\":\"6.00\",\"currency\":\"EUR\"}";
    private static final String MAIL = "\"eventType\":\"OrderShipped\",\"state\":\"SENT\"";

    private final int port;
    private final AuditScheduler schedule;
    private final AuditCursor progress;
    private final JdbcClient jdbc;
    private final MeterRegistry meters;

    @Autowired
    AuditorTest(
            @LocalServerPort int port,
            AuditScheduler schedule,
            AuditCursor progress,
            JdbcClient jdbc,
            MeterRegistry meters) {
        this.port = port;
        this.schedule = schedule;
        this.progress = progress;
        this.jdbc = jdbc;
        this.meters = meters;
    }

    @BeforeEach
    void nothingIsKnown() {
        ServiceStubs.forget();
        jdbc.sql("TRUNCATE violation, audit_recheck").update();
        jdbc.sql(
                        "UPDATE audit_cursor SET after = '', gateway_after = '',"
                                + " lease_until = '-infinity', caught_up = now()")
                .update();
    }

    // Each invariant, broken and healed

    @ParameterizedTest
    @EnumSource
    void whatIsBrokenIsFoundWhenItsGraceIsOverAndClosedWhenItHolds(Invariant invariant) {
        var order = good(invariant);
        ServiceStubs.changed(order);
        ServiceStubs.book("MUG-BLUE", 5, 2, 5, 2);
        round();
        assertThat(audit("{}").path("violations")).isEmpty();
        assertThat(audit("{}").path("checked").path(invariant.name()).asInt()).isEqualTo(1);

        broken(invariant, order);
        assertThat(audit("{}").path("violations"))
                .extracting(violation -> violation.path("invariant").asString())
                .contains(invariant.name());
        round();
        assertThat(open()).as("suspected only").isEmpty();

        graceIsOver();
        round();
        assertThat(open()).contains(invariant.name());
        assertThat(gauge(invariant)).isEqualTo(1);
        assertThat(meters.get("audit.violations").gauge().value()).isEqualTo(open().size());

        healed(invariant, order);
        dueAgain();
        round();
        assertThat(open()).isEmpty();
        assertThat(gauge(invariant)).isZero();
        assertThat(violations("all").path("violations"))
                .anySatisfy(
                        violation -> {
                            assertThat(violation.path("invariant").asString())
                                    .isEqualTo(invariant.name());
                            assertThat(violation.path("clearedAt").isString()).isTrue();
                        });
    }

    private static StubbedState good(Invariant invariant) {
        return switch (invariant) {
            case NEVER_CHARGED_TWICE, CONFIRMED_IS_AUTHORISED -> confirmed();
            case PAYMENT_AGREES_WITH_GATEWAY -> shipped();
            case SHIPPED_IS_CAPTURED, SHIPPED_LEFT_THE_STOCK, SHIPPED_IS_BOOKED, SHIPPED_IS_TOLD ->
                    shipped();
            case ENDED_COSTS_NOTHING, ENDED_HOLDS_NO_STOCK, ENDED_IS_NOT_SHIPPED -> cancelled();
            case STOCK_IS_WHAT_THE_LEDGER_SAYS, RESERVED_FOR_ORDERS -> new StubbedState();
        };
    }

    private static void broken(Invariant invariant, StubbedState order) {
        switch (invariant) {
            case NEVER_CHARGED_TWICE -> order.charges.add(HELD);
            case CONFIRMED_IS_AUTHORISED -> order.charges.clear();
            case SHIPPED_IS_CAPTURED -> order.charges.set(0, HELD);
            case PAYMENT_AGREES_WITH_GATEWAY -> order.charges.set(0, GIVEN_BACK);
            case SHIPPED_LEFT_THE_STOCK -> order.reservation = "HELD";
            case SHIPPED_IS_BOOKED -> order.shipment = "DISPATCH_PERMITTED";
            case SHIPPED_IS_TOLD -> order.mails.clear();
            case ENDED_COSTS_NOTHING -> order.charges.set(0, TAKEN);
            case ENDED_HOLDS_NO_STOCK -> order.reservation = "HELD";
            case ENDED_IS_NOT_SHIPPED -> order.shipment = "BOOKED";
            case STOCK_IS_WHAT_THE_LEDGER_SAYS -> ServiceStubs.book("MUG-BLUE", 5, 2, 6, 2);
            case RESERVED_FOR_ORDERS -> ServiceStubs.book("MUG-BLUE", 5, 2, 5, 1);
        }
        ServiceStubs.changed(order);
    }

    private static void healed(Invariant invariant, StubbedState order) {
        var good = good(invariant);
        order.charges = good.charges;
        order.reservation = good.reservation;
        order.shipment = good.shipment;
        order.mails = good.mails;
        ServiceStubs.book("MUG-BLUE", 5, 2, 5, 2);
    }

    // What counts as wrong

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"amount\":{\"amount\":\"49.89\",\"currency\":\"EUR\"}",
                "\"amount\":{\"amount\":\"49.90\",\"currency\":\"USD\"}",
                GIVEN_BACK
            })
    void anotherAmountThanTheTotalIsNoAuthorisation(String charge) {
        var order = confirmed();
        order.charges.set(0, charge);
        ServiceStubs.changed(order);
        assertThat(violations()).contains("CONFIRMED_IS_AUTHORISED");
    }

    @Test
    void whatIsGivenBackForAShippedOrderMustBeInBothBooks() {
        var order = shipped();
        order.charges.set(0, GIVEN_BACK);
        ServiceStubs.changed(order);
        assertThat(violations()).containsExactly("PAYMENT_AGREES_WITH_GATEWAY");

        order.payment = "\"paymentStatus\":\"REFUNDED\"," + GIVEN_BACK;
        ServiceStubs.changed(order);
        assertThat(violations()).isEmpty();
    }

    @Test
    void aPartGivenBackIsNotNothing() {
        var order = cancelled();
        order.charges.set(0, TAKEN + ",\"refunded\":{\"amount\":\"49.89\",\"currency\":\"EUR\"}");
        ServiceStubs.changed(order);
        assertThat(violations()).contains("ENDED_COSTS_NOTHING");
    }

    @Test
    void moneyStillHeldForAnEndedOrderIsNotNothing() {
        var order = cancelled();
        order.charges.set(0, HELD);
        ServiceStubs.changed(order);
        assertThat(violations()).contains("ENDED_COSTS_NOTHING");
    }

    @Test
    void aMailNobodyKnowsToHaveLeftIsNotMissing() {
        var order = shipped();
        order.mails.set(0, MAIL.replace("SENT", "UNKNOWN"));
        ServiceStubs.changed(order);
        assertThat(violations()).isEmpty();
    }

    @Test
    void aRejectedOrderNobodyHeardOfIsFine() {
        var order = new StubbedState();
        order.state = "REJECTED";
        ServiceStubs.changed(order);
        var report = audit("{}");
        assertThat(report.path("violations")).isEmpty();
        assertThat(report.path("checked").path("ENDED_COSTS_NOTHING").asInt()).isEqualTo(1);
        assertThat(report.path("checked").path("SHIPPED_IS_BOOKED").asInt(-1)).isZero();
    }

    @Test
    void aHoldThatIsGoneAtTheGatewayIsFoundInWhateverStateTheOrderIs() {
        for (var state : List.of("PENDING", "CONFIRMED", "CANCEL_REQUESTED", "DISPATCHING")) {
            var order = confirmed();
            order.state = state;
            order.charges.clear();
            ServiceStubs.changed(order);
        }
        assertThat(violations()).filteredOn("PAYMENT_AGREES_WITH_GATEWAY"::equals).hasSize(4);
    }

    // What happened at the gateway

    @Test
    void aRefundInTheDashboardOfASettledOrderIsFoundWithoutAnotherChange() {
        var order = shipped();
        var other = shipped();
        ServiceStubs.changed(order);
        ServiceStubs.changed(other);
        round();
        dueAgain();
        round();
        assertThat(rechecks()).isZero();

        order.charges.set(0, PART_GIVEN_BACK);
        ServiceStubs.changedAtGateway(order.id);
        ServiceStubs.changedAtGateway(other.id);
        ServiceStubs.changedAtGateway(UUID.randomUUID());
        round();
        assertThat(rechecks()).as("when the gateway's search no longer lags").isEqualTo(3);
        dueAgain();
        round();
        graceIsOver();
        round();
        assertThat(open()).containsExactly("PAYMENT_AGREES_WITH_GATEWAY");
        assertThat(violations("open").path("violations").path(0).path("detail").asString())
                .isEqualTo(
                        "payment-service says CAPTURED, authorised 49.90 EUR, captured 49.90 EUR;"
                                + " the gateway has one charge: 49.90 EUR captured, 6.00 EUR"
                                + " refunded");

        order.payment = "\"paymentStatus\":\"REFUNDED\"," + PART_GIVEN_BACK;
        dueAgain();
        round();
        assertThat(open()).isEmpty();
        assertThat(rechecks()).isZero();
        assertThat(progress.gatewayCursor()).isEqualTo("3");
    }

    @Test
    void whatTheGatewayNoLongerRemembersIsComparedAltogether() {
        var order = shipped();
        ServiceStubs.changed(order);
        round();
        dueAgain();
        round();
        jdbc.sql("UPDATE audit_cursor SET gateway_after = 'forgotten'").update();
        order.charges.set(0, PART_GIVEN_BACK);
        round();
        assertThat(cursor()).isEmpty();
        round();
        graceIsOver();
        round();
        assertThat(open()).containsExactly("PAYMENT_AGREES_WITH_GATEWAY");
    }

    private long rechecks() {
        return jdbc.sql("SELECT count(*) FROM audit_recheck").query(Long.class).single();
    }

    // Grace

    @Test
    void whatSettlesWithinItsGraceWasNeverAFinding() {
        var order = shipped();
        order.mails.clear();
        ServiceStubs.changed(order);
        round();
        assertThat(audit("{\"orderId\":\"%s\"}".formatted(order.id)).path("violations")).hasSize(1);
        order.mails.add(MAIL);
        graceIsOver();
        round();
        assertThat(violations("all").path("violations")).isEmpty();
    }

    @Test
    void whatBreaksAfterItWasLookedAtIsSeenWhenTheGraceIsOver() {
        var order = cancelled();
        ServiceStubs.changed(order);
        round();
        order.charges.set(0, TAKEN);
        round();
        assertThat(jdbc.sql("SELECT count(*) FROM violation").query(Long.class).single()).isZero();
        dueAgain();
        round();
        graceIsOver();
        round();
        assertThat(open()).contains("ENDED_COSTS_NOTHING");
    }

    // Cursor and lease

    @Test
    void everyChangeIsReadOnceAcrossPages() {
        double before = meters.counter("audit.orders.checked").count();
        for (int i = 0; i < 8; i++) {
            ServiceStubs.changed(confirmed());
        }
        round();
        assertThat(meters.counter("audit.orders.checked").count() - before).isEqualTo(8);
        round();
        assertThat(meters.counter("audit.orders.checked").count() - before).isEqualTo(8);
        ServiceStubs.changed(confirmed());
        round();
        assertThat(meters.counter("audit.orders.checked").count() - before).isEqualTo(9);
        assertThat(audit("{}").path("orders").asInt()).isEqualTo(9);
    }

    @Test
    void whileAnotherInstanceAuditsThisOneDoesNot() {
        ServiceStubs.changed(confirmed());
        var other = UUID.randomUUID();
        assertThat(progress.lease(other, Duration.ofMinutes(1))).contains("");
        round();
        assertThat(cursor()).isEmpty();
        progress.release(other);
        round();
        assertThat(cursor()).isEqualTo("1");
    }

    @Test
    void whoLostTheLeaseDoesNotMoveTheCursor() {
        var late = UUID.randomUUID();
        progress.lease(late, Duration.ZERO);
        assertThat(progress.lease(UUID.randomUUID(), Duration.ofMinutes(1))).isPresent();
        progress.advance(late, "7", true);
        assertThat(cursor()).isEmpty();
    }

    // Silence

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/internal/orders",
                "/internal/payments",
                "/internal/reservations",
                "/internal/shipments",
                "/internal/notifications"
            })
    void whileAServiceIsSilentNothingIsConcludedAndNothingSkipped(String path) {
        var order = shipped();
        order.mails.clear();
        ServiceStubs.changed(order);
        ServiceStubs.silence(path);
        round();
        assertThat(cursor()).isEmpty();
        assertThat(post("{}").statusCode()).isEqualTo(503);
        assertThat(jdbc.sql("SELECT count(*) FROM violation").query(Long.class).single()).isZero();
        jdbc.sql("UPDATE audit_cursor SET caught_up = now() - interval '7 minutes'").update();
        round();
        assertThat(meters.get("audit.lag").gauge().value()).isBetween(420.0, 480.0);

        ServiceStubs.silence("");
        round();
        assertThat(cursor()).isEqualTo("1");
        assertThat(meters.get("audit.lag").gauge().value()).isLessThan(60);
        assertThat(violations()).containsExactly("SHIPPED_IS_TOLD");
    }

    // The API

    @Test
    void violationsComeInPagesAndTheRequestIsReadStrictly() {
        for (int i = 0; i < 3; i++) {
            var order = shipped();
            order.shipment = "";
            ServiceStubs.changed(order);
        }
        round();
        graceIsOver();
        round();
        var first = json(get("?limit=2"));
        assertThat(first.path("violations")).hasSize(2);
        var rest = json(get("?limit=2&cursor=" + first.path("next").stringValue()));
        assertThat(rest.path("violations")).hasSize(1);
        assertThat(rest.has("next")).isFalse();
        assertThat(rest.path("violations").path(0).path("words").asString())
                .isEqualTo(Invariant.SHIPPED_IS_BOOKED.sentence());

        for (var query : List.of("?limit=0", "?limit=201", "?state=wrong", "?cursor=x")) {
            assertThat(get(query).statusCode()).as(query).isEqualTo(400);
        }
        for (var body : List.of("", "[]", "{\"orderId\":\"x\"}", "{\"all\":true}")) {
            assertThat(post(body).statusCode()).as(body).isEqualTo(400);
        }
    }

    // Tools

    private static StubbedState confirmed() {
        var order = new StubbedState();
        order.state = "CONFIRMED";
        order.payment = "\"paymentStatus\":\"AUTHORIZED\",\"amount\":" + ServiceStubs.TOTAL;
        order.charges.add(HELD);
        order.reservation = "HELD";
        return order;
    }

    private static StubbedState shipped() {
        var order = new StubbedState();
        order.state = "SHIPPED";
        order.payment = "\"paymentStatus\":\"CAPTURED\"," + TAKEN;
        order.charges.add(TAKEN);
        order.reservation = "FULFILLED";
        order.shipment = "BOOKED";
        order.mails.add(MAIL);
        return order;
    }

    private static StubbedState cancelled() {
        var order = new StubbedState();
        order.state = "CANCELLED";
        order.payment = "\"paymentStatus\":\"REFUNDED\"," + GIVEN_BACK;
        order.charges.add(GIVEN_BACK);
        order.reservation = "RELEASED";
        order.shipment = "CANCELLED";
        return order;
    }

    private void round() {
        schedule.runOnce();
    }

    private void graceIsOver() {
        jdbc.sql("UPDATE violation SET first_seen = first_seen - interval '5 minutes'").update();
        dueAgain();
    }

    private void dueAgain() {
        jdbc.sql("UPDATE audit_recheck SET due_at = now()").update();
    }

    private String cursor() {
        return jdbc.sql("SELECT after FROM audit_cursor").query(String.class).single();
    }

    private double gauge(Invariant invariant) {
        return meters.get("audit.violations.open")
                .tag("invariant", invariant.tag())
                .gauge()
                .value();
    }

    private List<String> violations() {
        return audit("{}")
                .path("violations")
                .valueStream()
                .map(violation -> violation.path("invariant").asString())
                .toList();
    }

    private List<String> open() {
        return violations("open")
                .path("violations")
                .valueStream()
                .map(violation -> violation.path("invariant").asString())
                .toList();
    }

    private JsonNode violations(String state) {
        return json(get("?state=" + state));
    }

    private JsonNode audit(String wish) {
        return json(post(wish));
    }

    private HttpResponse<String> post(String wish) {
        return send(
                HttpRequest.newBuilder(uri("audit"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(wish)));
    }

    private HttpResponse<String> get(String query) {
        return send(HttpRequest.newBuilder(uri("violations" + query)));
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + "/internal/operations/" + path);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    request.header("X-Api-Key", "test-internal-api-key").build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }
}
