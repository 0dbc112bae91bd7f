package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.TestBrowser.location;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.SECRET;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.all;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.shipmentRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.TestBrowser;
import dev.orderflow.operations.pages.PageFixture;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The page of discarded messages.
@OperationsConsoleFixture
class DiscardedMessagesPageTest {

    private static final String PAGE = "/dead-letters/discarded";

    private final int port;
    private final DeadLetterFixture deadLetters;

    @Autowired
    DiscardedMessagesPageTest(
            @LocalServerPort int apiPort,
            @Qualifier("pagesConnector") AdditionalConnector connector,
            JdbcClient jdbc) {
        this.deadLetters = new DeadLetterFixture(apiPort, jdbc);
        this.port = connector.port();
        jdbc.sql("DELETE FROM discarded_message").update();
        PageFixture.withoutWork();
    }

    private final UUID order = UUID.randomUUID();

    private void discard() {
        ServiceStubs.putOrder("CONFIRMED");
        putDeadLetter(
                SHIPPING,
                shipmentRequest(order),
                Map.of("reason", "<i>Carrier</i>", "fingerprint", "aaaa"));
        deadLetters.api.awaitEnd(
                deadLetters.api.post(202, "/dead-letters/" + SHIPPING + "/discard", all()));
    }

    private TestBrowser signIn(String name, OperatorRole role) {
        return new TestBrowser(port).signIn(name, role);
    }

    @Test
    void aDiscardedMessageIsListedAndRestoredOnce() {
        discard();
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var page = oskar.read(PAGE + "?orderId=" + order);
        assertThat(page)
                .contains("&lt;i&gt;Carrier", "the cause is fixed", order.toString())
                .contains("<summary aria-label=\"Restore message ")
                .doesNotContain(SECRET);
        var restoration =
                page.replaceAll("(?s).*action=\"([^\"]+/restoration)\".*", "$1")
                        .replace("&amp;", "&");
        var done = oskar.post(restoration, Map.of("reason", "it is needed after all"));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
        assertThat(oskar.read(location(done)))
                .contains("The message is in its dead-letter queue again", "restored</span>");
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
        var again = oskar.post(restoration, Map.of("reason", "once more"));
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("Already restored", "Nothing was done");
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
    }

    @Test
    void aViewerReadsThemAndCannotRestoreThem() {
        discard();
        var vera = signIn("vera", OperatorRole.VIEWER);
        assertThat(vera.read(PAGE))
                .contains("needs the role operator")
                .doesNotContain("/restoration");
        assertThat(
                        vera.post(
                                        PAGE + "/shipping-requests-dlq/m1/restoration",
                                        Map.of("reason", "x"))
                                .statusCode())
                .isEqualTo(403);
    }

    @Test
    void whatDoesNotExistAndInvalidFiltersAreSaid() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        assertThat(oskar.read(PAGE)).contains("Messages that were discarded would be listed here");
        var missing =
                oskar.post(
                        PAGE + "/shipping-requests-dlq/m1/restoration", Map.of("reason", "a try"));
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("Discarded message not found");
        for (var query : new String[] {"queue=none", "orderId=1", "cursor=x"}) {
            assertThat(oskar.get(PAGE + "?" + query).statusCode()).as(query).isEqualTo(400);
        }
    }
}
