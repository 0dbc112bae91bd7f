package dev.orderflow.operations.audittrail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.QueryPlans;
import dev.orderflow.operations.ConsoleApi;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// The entries of the console and of all services, in one sequence.
@OperationsConsoleFixture
class TrailReaderTest {

    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00.123456Z");

    private final ConsoleApi api;
    private final JdbcClient jdbc;
    private final DataSource database;
    private final String subject = UUID.randomUUID().toString();

    @Autowired
    TrailReaderTest(@LocalServerPort int port, JdbcClient jdbc, DataSource database) {
        this.api = new ConsoleApi(port);
        this.jdbc = jdbc;
        this.database = database;
    }

    @BeforeEach
    void noActions() {
        ServiceStubs.reset();
    }

    private void recordOwn(Instant at, String action) {
        jdbc.sql(
                        """
                        INSERT INTO audit_trail (recorded_at, performed_by, performed_by_name, action, subject, reason)
                        VALUES (:at, 'anna', 'Anna', :action, :subject, 'because')
                        """)
                .param("at", Timestamp.from(at))
                .param("action", action)
                .param("subject", subject)
                .update();
    }

    private String action(long id, Instant at, String action, String rest) {
        return """
        {"id":%d,"at":"%s","operator":"oskar","operatorName":"Oskar","action":"%s","subject":"%s"%s}
        """
                .formatted(id, at, action, subject, rest);
    }

    private static void respond(String service, String... actions) {
        ServiceStubs.setResponse(
                "/" + service + "/internal/operator-actions",
                "{\"actions\":[%s]}".formatted(String.join(",", actions)));
    }

    private JsonNode read(String query) {
        return api.get("/audit-trail?subject=" + subject + query);
    }

    private static List<String> entries(JsonNode trail) {
        return trail.path("entries")
                .valueStream()
                .map(
                        entry ->
                                "%s %s %s: %s"
                                        .formatted(
                                                entry.path("recordedBy").asString(),
                                                entry.path("action").asString(),
                                                entry.path("reason").asString("-"),
                                                entry.path("detail").asString("-")))
                .toList();
    }

    @Test
    void entriesOfAllPartsAreOneSequenceWithReasonAndResult() {
        recordOwn(NOON, "REDRIVE_MESSAGE");
        respond(
                "order-service",
                action(
                        7,
                        NOON.plusSeconds(1),
                        "RESOLVE_WORK_ITEM",
                        ",\"reason\":\"called\",\"detail\":\"work item STUCK\",\"status\":200"));
        respond("payment-service", action(7, NOON.minusSeconds(1), "REFUND_PAYMENT", ""));
        respond(
                "analytics-service",
                action(8, NOON.plusSeconds(2), "RESET_PROJECTIONS", ",\"status\":500"));
        respond(
                "notification-service",
                action(9, NOON.minusSeconds(3), "RESOLVE_EMAIL", ",\"status\":409"),
                action(8, NOON.minusSeconds(4), "RESOLVE_EMAIL", ",\"status\":202"));
        var trail = read("");
        assertThat(entries(trail))
                .containsExactly(
                        "analytics-service RESET_PROJECTIONS -: failed with HTTP 500",
                        "order-service RESOLVE_WORK_ITEM called: work item STUCK; done",
                        "operations-console REDRIVE_MESSAGE because: -",
                        "payment-service REFUND_PAYMENT -: how it was answered is not known",
                        "notification-service RESOLVE_EMAIL -: refused with HTTP 409",
                        "notification-service RESOLVE_EMAIL -: accepted");
        assertThat(trail.path("problems")).isEmpty();
        assertThat(trail.has("next")).isFalse();
        var sent = ServiceStubs.requests("/internal/operator-actions").getLast();
        assertThat(sent.query()).contains("limit=51", "subject=" + subject);
        assertThat(sent.header("X-Api-Key")).isNotNull();
    }

    /// The parts have clocks of their own, so entries can have the same time.
    @Test
    void thePlaceOfTheNextPageIsBeforeTheLastEntryInEveryPart() {
        recordOwn(NOON, "FIRST");
        recordOwn(NOON, "SECOND");
        respond("inventory-service", action(3, NOON, "RECEIVE_STOCK", ""));
        respond("order-service", action(5, NOON, "START_WORKFLOW", ""));
        var first = read("&limit=2");
        assertThat(entries(first))
                .containsExactly(
                        "order-service START_WORKFLOW -: how it was answered is not known",
                        "operations-console SECOND because: -");
        respond("order-service");
        var next = read("&limit=2&cursor=" + first.path("next").asString());
        assertThat(entries(next))
                .containsExactly(
                        "operations-console FIRST because: -",
                        "inventory-service RECEIVE_STOCK -: how it was answered is not known");
        assertThat(next.has("next")).isFalse();
        var before = "before=" + NOON + "&beforeId=";
        var queries =
                ServiceStubs.requests("/internal/operator-actions").stream()
                        .filter(request -> request.query().contains("before="))
                        .filter(request -> request.query().contains(subject))
                        .map(
                                request ->
                                        request.path().split("/")[1]
                                                + " "
                                                + request.query()
                                                        .replace("%3A", ":")
                                                        .replaceAll(".*(?=before=)", ""))
                        .toList();
        assertThat(queries)
                .contains(
                        "inventory-service " + before + Long.MAX_VALUE,
                        "order-service " + before + 0);
    }

    @Test
    void theEntriesAboutOneThingAreFoundWithoutThoseAboutOthers() {
        jdbc.sql(
                        """
                        INSERT INTO audit_trail (performed_by, performed_by_name, action, subject, reason)
                        SELECT 'oskar', 'Oskar', 'REDRIVE_MESSAGE', 'trail-reader-test ' || number, 'because'
                          FROM generate_series(1, 1000) AS number
                        """)
                .update();
        recordOwn(NOON, "REDRIVE_MESSAGE");
        assertThat(
                        QueryPlans.countRead(
                                database,
                                "audit_trail",
                                source ->
                                        assertThat(
                                                        new AuditTrail(JdbcClient.create(source))
                                                                .findBefore(
                                                                        Optional.of(subject),
                                                                        Optional.empty(),
                                                                        50))
                                                .hasSize(1)))
                .isLessThan(10);
    }

    @Test
    void aServiceThatDoesNotRespondIsNamedAndTheRestIsShown() {
        recordOwn(NOON, "REDRIVE_MESSAGE");
        ServiceStubs.setUnavailable("/payment-service/internal/operator-actions");
        respond("order-service", "{\"id\":1}");
        var trail = read("");
        assertThat(entries(trail)).containsExactly("operations-console REDRIVE_MESSAGE because: -");
        assertThat(trail.path("problems").valueStream().map(JsonNode::asString))
                .containsExactly(
                        "the response of order-service has another form",
                        "payment-service responded with HTTP 503");
    }

    @Test
    void aCursorThatIsNoneIsRefused() {
        var refused = new ArrayList<Integer>();
        for (var cursor :
                List.of(
                        "7",
                        "x",
                        "2026-11-02T12:00:00Z_order-service_x",
                        "2026-13-02T12:00:00Z_a_1",
                        "0000-06-01T12:00:00Z_order-service_1",
                        "9999-12-31T23:00:00-18:00_order-service_1")) {
            refused.add(api.send("GET", "/audit-trail?cursor=" + cursor, "").statusCode());
        }
        assertThat(refused).containsOnly(400);
    }
}
