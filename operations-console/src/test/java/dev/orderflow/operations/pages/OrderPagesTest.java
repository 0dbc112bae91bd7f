package dev.orderflow.operations.pages;

import static dev.orderflow.operations.TestBrowser.location;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.value.OrderStateCode;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.TestBrowser;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

@OperationsConsoleFixture
class OrderPagesTest {

    private static final String SCRIPT = "<script>alert(1)</script>";

    private final int port;
    private final TestBrowser browser;

    @Autowired
    OrderPagesTest(@Qualifier("pagesConnector") AdditionalConnector connector) {
        this.port = connector.port();
        this.browser = new TestBrowser(port).signIn("vera", OperatorRole.VIEWER);
    }

    @BeforeEach
    void oneOrder() {
        PageFixture.withoutWork();
        ServiceStubs.setResponse(
                "/internal/orders",
                """
                {"orders":[{"orderId":"%s","customerRef":"ada","state":"REJECTED","reason":"PAYMENT_DECLINED",
                            "total":{"amount":"49.90","currency":"EUR"},"placedAt":"2026-11-02T09:15:30Z",
                            "workItems":["STUCK"]}],"next":"%s"}
                """
                        .formatted(PageFixture.ORDER, PageFixture.ITEM));
        ServiceStubs.setResponse(
                "/internal/orders/" + PageFixture.ORDER + "/history",
                """
                {"states":[{"participant":"order-service","state":"PENDING","summary":"It waits."}],
                 "entries":[
                   {"at":"2026-11-02T09:15:30Z","participant":"customer","type":"placed","outcome":"DONE",
                    "summary":"The customer placed the order. %1$s","ids":{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736"},
                    "after":[],"marks":[]},
                   {"at":"2026-11-02T09:15:31Z","until":"2026-11-02T09:20:31Z","participant":"outbox","type":"published",
                    "outcome":"FAILED","summary":"PutEvents failed.","ids":{},"after":[],"marks":[]}],
                 "complete":true}
                """
                        .formatted(SCRIPT));
    }

    @Test
    void theFilterIsTheAddressAndTheNextPageKeepsIt() {
        var html = browser.read("/orders?state=REJECTED&sku=&customerRef=ada");
        assertThat(html)
                .contains("/orders/" + PageFixture.ORDER, "payment declined", "stuck", "49.90 EUR")
                .contains("<option value=\"REJECTED\" selected>", "value=\"ada\"")
                .contains(
                        "/orders?customerRef=ada&amp;state=REJECTED&amp;cursor="
                                + PageFixture.ITEM);
        assertThat(ServiceStubs.requests("/internal/orders").getLast().query())
                .contains("state=REJECTED", "customerRef=ada")
                .doesNotContain("sku");
    }

    @Test
    void openOrdersAreCountedByStateAndAgeWithTheLimit() {
        assertThat(browser.read("/orders")).contains("No order is open.");
        ServiceStubs.setResponse(
                "/internal/orders/ages",
                """
                {"boundsSeconds":[60,900],"complete":false,"states":[
                  {"state":"PENDING","limitSeconds":900,"counts":[40,0,3]},
                  {"state":"AWAITING_APPROVAL","limitSeconds":176400,"counts":[0,0,1]}]}
                """);
        assertThat(browser.read("/orders"))
                .contains("only the oldest are counted", "under 1 min", "1 min to 15 min")
                .contains("<a href=\"/orders?state=PENDING\">pending</a>", "> 40</td>")
                .containsPattern("3 <span class=\"state bad\">stuck</span>")
                .contains("<a href=\"/approvals\">awaiting approval</a>");
        ServiceStubs.setUnavailable("/internal/orders/ages");
        assertThat(browser.read("/orders"))
                .contains("The ages of open orders are missing", "payment declined");
    }

    @Test
    void anOrderIdLeadsToItsCaseFile() {
        assertThat(location(browser.get("/orders?orderId=" + PageFixture.ORDER)))
                .isEqualTo("/orders/" + PageFixture.ORDER);
        assertThat(browser.get("/orders?orderId=nonsense").statusCode()).isEqualTo(400);
    }

    @Test
    void theCaseFileShowsStatesPictureAndTimelineAndWhoDidNotRespond() {
        ServiceStubs.setUnavailable("/internal/payments/");
        var html = browser.read("/orders/" + PageFixture.ORDER);
        assertThat(html)
                .contains("It waits.", "The customer placed the order.", "PutEvents failed.")
                .contains("4bf92f3577b34da6a3ce929d0e0e4736")
                .contains("<a href=\"#e0\">", "<tr id=\"e0\">")
                .contains("<a class=\"skip\" href=\"#timeline\">", "<h2 id=\"timeline\" ")
                .contains("notice warning", "payment-service");
        assertThat(html).contains("&lt;script&gt;").doesNotContain(SCRIPT);
    }

    @Test
    void anUnknownOrderIsAPageThatSaysSo() {
        var refused = browser.get("/orders/" + UUID.randomUUID());
        assertThat(refused.statusCode()).isIn(200, 404);
        if (refused.statusCode() == 404) {
            assertThat(refused.body()).contains("Order not found");
        }
    }

    @Test
    void anOperatorCancelsOnBehalfOfTheCustomerAndTheReasonIsRequired() {
        var cancellation = "/internal/orders/" + PageFixture.ORDER + "/cancellation";
        ServiceStubs.setResponse(
                cancellation, 202, "{\"state\":\"CANCEL_REQUESTED\",\"repeated\":false}");
        int before = ServiceStubs.requests(cancellation).size();
        var oskar = new TestBrowser(port).signIn("oskar", OperatorRole.OPERATOR);
        var page = "/orders/" + PageFixture.ORDER;
        assertThat(oskar.read(page)).contains("What you may do", "This cannot be undone.");
        assertThat(oskar.post(page + "/cancellation", Map.of("reason", " ")).statusCode())
                .isEqualTo(400);
        assertThat(ServiceStubs.requests(cancellation)).hasSize(before);
        var done = oskar.post(page + "/cancellation", Map.of("reason", "the customer called"));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
        assertThat(oskar.read(location(done))).contains("The cancellation is accepted");
        assertThat(ServiceStubs.requests(cancellation).getLast().body())
                .contains("the customer called");
    }

    @Test
    void aCancellationThatCameTooLateSaysSo() {
        ServiceStubs.setResponse(
                "/internal/orders/" + PageFixture.ORDER + "/cancellation",
                409,
                """
                {"type":"https://orderflow.dev/problems/too-late-to-cancel","title":"Too late to cancel",
                 "detail":"The order is DISPATCHING.","state":"DISPATCHING"}
                """);
        var oskar = new TestBrowser(port).signIn("oskar", OperatorRole.OPERATOR);
        var refused =
                oskar.post(
                        "/orders/" + PageFixture.ORDER + "/cancellation",
                        Map.of("reason", "the customer called"));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("Too late to cancel", "The order is DISPATCHING.");
    }

    @Test
    void thePageSaysWhyAnOrderCannotBeCancelled() {
        assertThat(browser.read("/orders/" + PageFixture.ORDER))
                .contains("Possible with the role operator")
                .doesNotContain("<form class=\"sheet\"");
        assertThat(
                        browser.post(
                                        "/orders/" + PageFixture.ORDER + "/cancellation",
                                        Map.of("reason", "called"))
                                .statusCode())
                .isEqualTo(403);
        var oskar = new TestBrowser(port).signIn("oskar", OperatorRole.OPERATOR);
        for (var state : OrderStateCode.values()) {
            ServiceStubs.setResponse(
                    "/internal/orders/" + PageFixture.ORDER + "/history",
                    """
                    {"states":[{"participant":"order-service","state":"%s","summary":"It is."}],
                     "entries":[],"complete":true}
                    """
                            .formatted(state));
            var html = oskar.read("/orders/" + PageFixture.ORDER);
            assertThat(html.contains("<button class=\"danger\">Cancel the order"))
                    .as(state.name())
                    .isEqualTo(state.isCancellable());
        }
        ServiceStubs.setUnavailable("/internal/orders/");
        assertThat(oskar.read("/orders/" + PageFixture.ORDER)).contains("Not possible now");
    }
}
