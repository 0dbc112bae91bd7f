package dev.orderflow.operations.pages;

import static dev.orderflow.operations.TestBrowser.location;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.TestBrowser;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

/// The pages of work items and of parked events.
@OperationsConsoleFixture
class WorkItemsPageTest {

    private static final String RESOLUTION =
            "/internal/work-items/" + PageFixture.ITEM + "/resolution";

    private final int port;

    @Autowired
    WorkItemsPageTest(@Qualifier("pagesConnector") AdditionalConnector connector) {
        this.port = connector.port();
    }

    @BeforeEach
    void withoutWork() {
        PageFixture.withoutWork();
        ServiceStubs.setResponse(RESOLUTION, "{}");
    }

    private TestBrowser signIn(String name, OperatorRole role) {
        return new TestBrowser(port).signIn(name, role);
    }

    @Test
    void anOperatorResolvesAnItemWithANote() {
        PageFixture.withWorkItem("STUCK", "no progress for 2 h");
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        assertThat(oskar.read("/work-items"))
                .contains("no progress for 2 h", "/orders/" + PageFixture.ORDER)
                .contains("<summary aria-label=\"Resolve stuck of order " + PageFixture.ORDER)
                .contains("class=\"primary\" aria-label=\"Resolve stuck of order ");
        var done =
                oskar.post(
                        "/work-items/" + PageFixture.ITEM + "/resolution",
                        Map.of("note", "started its workflow"));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
        assertThat(oskar.read(location(done))).contains("The item is resolved.");
        assertThat(ServiceStubs.requests(RESOLUTION).getLast().body())
                .contains("started its workflow");
    }

    @Test
    void aViewerReadsTheItemsAndCannotResolveThem() {
        PageFixture.withWorkItem("STUCK", "no progress");
        assertThat(signIn("vera", OperatorRole.VIEWER).read("/work-items"))
                .contains("no progress")
                .doesNotContain("Resolve");
    }

    @Test
    void theFilterIsTheAddress() {
        var vera = signIn("vera", OperatorRole.VIEWER);
        assertThat(vera.read("/work-items?kind=STUCK"))
                .contains("<option value=\"STUCK\" selected>")
                .contains("No item is open.");
        assertThat(ServiceStubs.requests("/internal/work-items").getLast().query())
                .contains("kind=STUCK");
        assertThat(vera.get("/work-items?kind=NONE").statusCode()).isEqualTo(400);
    }

    @Test
    void aServiceThatDoesNotRespondIsNamed() {
        ServiceStubs.setUnavailable("/internal/work-items");
        var refused = signIn("vera", OperatorRole.VIEWER).get("/work-items");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("order-service responded with HTTP 503");
    }

    @Test
    void parkedEventsAreReleasedByReason() {
        PageFixture.withParkedEvents("too large");
        ServiceStubs.setResponse("/internal/outbox/parked/release", "{\"events\":3}");
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        assertThat(oskar.read("/outbox"))
                .contains("3 events of 2 orders will be published again", "Release 3 events")
                .contains("<summary aria-label=\"Release all with the reason too large\">");
        var done =
                oskar.post(
                        "/outbox/release",
                        Map.of("reason", "too large", "note", "the limit is higher"));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
        assertThat(ServiceStubs.requests("/internal/outbox/parked/release").getLast().body())
                .contains("the limit is higher");
        assertThat(oskar.read(location(done))).contains("The events are released");
        assertThat(
                        oskar.post("/outbox/release", Map.of("reason", "too large", "note", " "))
                                .statusCode())
                .isEqualTo(400);
        ServiceStubs.setResponse("/internal/outbox/parked/release", "{\"events\":0}");
        assertThat(
                        oskar.read(
                                location(
                                        oskar.post(
                                                "/outbox/release",
                                                Map.of("reason", "too large", "note", "again")))))
                .contains("No event was parked for that reason any more.");
    }
}
