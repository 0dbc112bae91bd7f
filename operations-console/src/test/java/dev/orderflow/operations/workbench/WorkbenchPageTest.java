package dev.orderflow.operations.workbench;

import static dev.orderflow.operations.TestBrowser.location;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.fixture.HttpStub.RecordedRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.TestBrowser;
import dev.orderflow.operations.auditor.Invariant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

@OperationsConsoleFixture
class WorkbenchPageTest {

    private static final String SCRIPT = "<script>alert(1)</script>";
    private static final String ORDER = "0198a6f2-0000-7000-8000-00000000000c";

    private final int port;

    /// The stubs keep the requests of other tests.
    private int placedBefore;

    @Autowired
    WorkbenchPageTest(@Qualifier("pagesConnector") AdditionalConnector connector) {
        this.port = connector.port();
    }

    @BeforeEach
    void aSystemOnOneMachine() {
        ServiceStubs.reset();
        placedBefore = ServiceStubs.requests("/orders").size();
        for (var path : new String[] {"/internal/work-items", "/internal/approvals"}) {
            ServiceStubs.setResponse(path, "{\"items\":[],\"approvals\":[]}");
        }
        ServiceStubs.setResponse("/internal/outbox/parked/reasons", "{\"reasons\":[]}");
        ServiceStubs.setResponse(
                "/catalogue",
                "{\"articles\":[{\"sku\":\"MUG-BLUE\",\"name\":\"Blue mug\",\"unitPrice\":{\"amount\":\"12.50\",\"currency\":\"EUR\"}}]}");
        ServiceStubs.setResponse("/oauth2/token", "{\"access_token\":\"the-token\"}");
        ServiceStubs.setResponse("/orders", 201, "{\"orderId\":\"%s\"}".formatted(ORDER));
        ServiceStubs.setResponse(
                "/sandbox/cards",
                "{\"cards\":[{\"id\":\"pm_card_visa\",\"effect\":\"Pays.\"},{\"id\":\"pm_card_x\",\"effect\":\"Is declined.\"}]}");
        ServiceStubs.setResponse(
                "/sandbox/fault-modes",
                """
                {"modes":[{"mode":"none","effect":"Answers.","example":{"mode":"none"}},
                          {"mode":"refused","effect":"Refuses.","example":{"mode":"refused","code":"c","on":"capture"}}]}
                """);
        ServiceStubs.setResponse("/sandbox/faults", "{\"mode\":\"none\"}");
        ServiceStubs.setResponse("/sandbox/availability", "{\"available\":true}");
        ServiceStubs.setResponse(
                "/sandbox/ledger",
                """
                {"orders":2,"chargedMoreThanOnce":["%s"],
                 "totals":[{"currency":"EUR","charges":3,"authorized":"1.00","net":"37.50"}]}
                """
                        .formatted(ORDER));
        ServiceStubs.setResponse(
                "/sandbox/bookings",
                """
                {"count":2,"bookings":[{"orderId":"%1$s","trackingNumber":"SBX-1"},
                                       {"orderId":"%1$s","trackingNumber":"SBX-2"}]}
                """
                        .formatted(ORDER));
        ServiceStubs.setResponse(
                "/_aws/faults", "{\"services\":[\"events\",\"sqs\"],\"off\":[\"sqs\"]}");
        ServiceStubs.setResponse(
                "/_aws/ses",
                """
                {"messages":[{"Timestamp":"2026-11-02T09:15:30Z","Subject":"Your order %s",
                              "Destination":{"ToAddresses":["ada@example.org"]}}]}
                """
                        .formatted(SCRIPT));
    }

    private TestBrowser signIn(String name, OperatorRole role) {
        return new TestBrowser(port).signIn(name, role);
    }

    /// How many orders this test has placed.
    private int placed() {
        return ServiceStubs.requests("/orders").size() - placedBefore;
    }

    private static RecordedRequest lastRequest(String path) {
        return ServiceStubs.requests(path).getLast();
    }

    @Test
    void thePageOffersOrdersLoadAndSwitchesBesideTheInvariantsAndLedgers() {
        var html = signIn("oskar", OperatorRole.OPERATOR).read("/workbench");
        assertThat(html)
                .contains("MUG-BLUE: Blue mug, 12.50 EUR", "pm_card_x: Is declined.")
                .contains("Switch the carrier off", "Switch events off", "Switch sqs on")
                .contains("refused: Refuses.", "The event bus: events stay in the outbox.")
                .contains("3 charges", "37.50 EUR captured", "2 parcels", "SBX-2", ORDER)
                .contains("Your order &lt;script&gt;", "ada@example.org")
                .contains("Killing a process is not offered")
                .contains("href=\"/workbench\" aria-current=\"page\"")
                .doesNotContain(SCRIPT);
        for (var invariant : Invariant.values()) {
            assertThat(html).contains(invariant.statement());
        }
    }

    @Test
    void aViewerLooksAndChangesNothing() {
        var vera = signIn("vera", OperatorRole.VIEWER);
        assertThat(vera.read("/workbench"))
                .contains("need the role operator")
                .doesNotContain("action=\"/workbench");
        for (var path :
                new String[] {"/orders", "/load", "/load/stop", "/carrier", "/gateway", "/cloud"}) {
            assertThat(vera.post("/workbench" + path, Map.of("available", "false")).statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(placed()).isZero();
    }

    @Test
    void anOrderIsPlacedAsACustomerWithoutTheKeyOfTheInternalApi() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var placed = oskar.post("/workbench/orders", order());
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(303);
        assertThat(location(placed)).isEqualTo("/workbench?done=placed&order=" + ORDER);
        assertThat(oskar.read(location(placed))).contains("The order is placed.");
        var sent = lastRequest("/orders");
        assertThat(sent.header("Authorization")).isEqualTo("Bearer the-token");
        assertThat(sent.header("Idempotency-Key")).isNotBlank();
        assertThat(sent.header("X-Api-Key")).isNull();
        assertThat(sent.body())
                .contains("\"sku\":\"MUG-BLUE\"", "\"quantity\":2", "pm_card_x", "ada@example.org");
        assertThat(lastRequest("/oauth2/token").header("Authorization")).startsWith("Basic ");
    }

    private static Map<String, String> order() {
        var order = new LinkedHashMap<String, String>();
        order.put("customer", "ada");
        order.put("sku", "MUG-BLUE");
        order.put("quantity", "2");
        order.put("card", "pm_card_x");
        return order;
    }

    @ParameterizedTest
    @CsvSource({
        "customer, a b",
        "customer, operator-ops",
        "customer, ''",
        "quantity, 0",
        "quantity, 1001",
        "quantity, many",
        "country, XX"
    })
    void anInvalidOrderIsRefused(String field, String value) {
        var order = order();
        order.put(field, value);
        assertThat(
                        signIn("oskar", OperatorRole.OPERATOR)
                                .post("/workbench/orders", order)
                                .statusCode())
                .isEqualTo(400);
        assertThat(placed()).isZero();
    }

    @Test
    void aRefusalOfOrderServiceIsShown() {
        ServiceStubs.setResponse(
                "/orders",
                422,
                "{\"type\":\"https://orderflow.dev/problems/article-unknown\",\"title\":\"Unknown SKU\"}");
        var refused = signIn("oskar", OperatorRole.OPERATOR).post("/workbench/orders", order());
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("Unknown SKU");
    }

    @Test
    void switchesAreSetAtTheSandboxesAndAtLocalCloud() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        assertThat(oskar.post("/workbench/carrier", Map.of("available", "false")).statusCode())
                .isEqualTo(303);
        assertThat(lastRequest("/sandbox/availability").body()).isEqualTo("{\"available\":false}");
        assertThat(oskar.post("/workbench/gateway", Map.of("mode", "refused")).statusCode())
                .isEqualTo(303);
        assertThat(lastRequest("/sandbox/faults").body())
                .isEqualTo("{\"mode\":\"refused\",\"code\":\"c\",\"on\":\"capture\"}");
        assertThat(
                        oskar.post(
                                        "/workbench/cloud",
                                        Map.of("service", "events", "available", "false"))
                                .statusCode())
                .isEqualTo(303);
        assertThat(lastRequest("/_aws/faults").method()).isEqualTo("PUT");
        assertThat(lastRequest("/_aws/faults").query()).isEqualTo("service=events");
        oskar.post("/workbench/cloud", Map.of("service", "sqs", "available", "true"));
        assertThat(lastRequest("/_aws/faults").method()).isEqualTo("DELETE");
        assertThat(lastRequest("/_aws/faults").header("X-Api-Key")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "gateway, mode, nonsense, ",
        "cloud, service, nonsense, false",
        "cloud, service, events&x, false",
        "carrier, service, x, maybe"
    })
    void anUnknownSwitchIsRefused(String path, String field, String value, String available) {
        var fields = new LinkedHashMap<>(Map.of(field, value));
        if (available != null) {
            fields.put("available", available);
        }
        assertThat(
                        signIn("oskar", OperatorRole.OPERATOR)
                                .post("/workbench/" + path, fields)
                                .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aLoadPlacesWhatItSaysAndEndsByItself() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var started = oskar.post("/workbench/load", load("10", "1", "true"));
        assertThat(started.statusCode()).as(started.body()).isEqualTo(303);
        await().until(() -> !oskar.read("/workbench").contains("running"));
        await().until(() -> oskar.read("/workbench").contains("%d of 10".formatted(placed())));
        assertThat(placed()).isBetween(1, 10);
    }

    @Test
    void oneLoadRunsAtATimeAndCanBeStopped() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        assertThat(oskar.post("/workbench/load", load("1", "600", "false")).statusCode())
                .isEqualTo(303);
        try {
            assertThat(oskar.post("/workbench/load", load("1", "1", "false")).statusCode())
                    .isEqualTo(409);
            assertThat(oskar.read("/workbench")).contains("running", "Stop");
        } finally {
            oskar.post("/workbench/load/stop", Map.of());
        }
        assertThat(oskar.read("/workbench")).doesNotContain("running");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "11, 1", "1, 0", "1, 601", "-1, 1", "1, 99999999999"})
    void aLoadIsBounded(String perSecond, String seconds) {
        assertThat(
                        signIn("oskar", OperatorRole.OPERATOR)
                                .post("/workbench/load", load(perSecond, seconds, "false"))
                                .statusCode())
                .isEqualTo(400);
    }

    private static Map<String, String> load(String perSecond, String seconds, String mixed) {
        return Map.of(
                "perSecond", perSecond, "seconds", seconds, "sku", "MUG-BLUE", "mixed", mixed);
    }

    @Test
    void aPartThatDoesNotRespondIsNamedAndTheRestIsShown() {
        ServiceStubs.setUnavailable("/sandbox/availability");
        assertThat(signIn("vera", OperatorRole.VIEWER).read("/workbench"))
                .contains("This page is not complete: the carrier responded with HTTP 503.")
                .contains("37.50 EUR captured");
    }
}
