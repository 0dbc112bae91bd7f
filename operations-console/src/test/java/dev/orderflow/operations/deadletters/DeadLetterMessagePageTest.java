package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.deadletters.DeadLetterFixture.SECRET;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.receive;
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

/// The page of one dead letter.
@OperationsConsoleFixture
class DeadLetterMessagePageTest {

    private static final String MESSAGES = "/dead-letters/" + SHIPPING + "-dlq/messages/";

    private final int port;
    private final DeadLetterFixture deadLetters;

    @Autowired
    DeadLetterMessagePageTest(
            @LocalServerPort int apiPort,
            @Qualifier("pagesConnector") AdditionalConnector connector,
            JdbcClient jdbc) {
        this.deadLetters = new DeadLetterFixture(apiPort, jdbc);
        this.port = connector.port();
        PageFixture.withoutWork();
    }

    private String put(String body, String reason) {
        putDeadLetter(SHIPPING, body, Map.of("reason", reason, "fingerprint", "aaaa"));
        return MESSAGES
                + deadLetters
                        .show(SHIPPING)
                        .path("messages")
                        .get(0)
                        .path("messageId")
                        .stringValue();
    }

    private TestBrowser signIn(String name, OperatorRole role) {
        return new TestBrowser(port).signIn(name, role);
    }

    @Test
    void aMessageIsShownBesideItsOrderAndStaysVisible() {
        var order = ServiceStubs.putOrder("CONFIRMED").id;
        var path = put(shipmentRequest(order), "carrier <b>closed</b>");
        assertThat(signIn("vera", OperatorRole.VIEWER).read(path))
                .contains("carrier &lt;b&gt;closed&lt;/b&gt;", "ArrangeShipment")
                .contains("href=\"/orders/" + order + "\"", "CONFIRMED")
                .contains(">redriven</span>", RedriveAssessment.NEEDED.description())
                .contains("you need the role operator")
                .doesNotContain(SECRET, "/edit", "action=discard");
        assertThat(signIn("oskar", OperatorRole.OPERATOR).read(path))
                .contains(path + "/edit", "action=discard");
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
    }

    @Test
    void aMessageThatItsOrderNeedsNoMoreWouldBeSkipped() {
        var path = put(shipmentRequest(ServiceStubs.putOrder("REJECTED").id), "closed");
        assertThat(signIn("vera", OperatorRole.VIEWER).read(path))
                .contains(">skipped</span>", RedriveAssessment.ALREADY_DONE.description());
    }

    @Test
    void anUnreadableMessageHasAPageToo() {
        var path = put("<script>alert(1)</script>", "unreadable");
        assertThat(signIn("vera", OperatorRole.VIEWER).read(path))
                .contains("No field can be shown", RedriveAssessment.UNREADABLE.description())
                .doesNotContain("<script>alert");
    }

    @Test
    void aMessageThatAnotherReaderHoldsIsNotSaidToBeGone() {
        var path = put(shipmentRequest(ServiceStubs.putOrder("CONFIRMED").id), "closed");
        assertThat(receive(SHIPPING + "-dlq")).hasSize(1);
        var answer = signIn("vera", OperatorRole.VIEWER).get(path);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("another reader holds some", "Try again");
    }

    @Test
    void aMessageThatLeftItsQueueAndAnAddressThatIsNoneAreNamed() {
        put(shipmentRequest(UUID.randomUUID()), "closed");
        var vera = signIn("vera", OperatorRole.VIEWER);
        var missing = vera.get(MESSAGES + UUID.randomUUID());
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("Dead letter not found");
        assertThat(vera.get(MESSAGES + "a_b").statusCode()).isEqualTo(400);
        assertThat(vera.get("/dead-letters/none/messages/" + UUID.randomUUID()).statusCode())
                .isEqualTo(404);
    }
}
