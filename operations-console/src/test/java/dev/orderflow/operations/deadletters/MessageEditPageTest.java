package dev.orderflow.operations.deadletters;

import static dev.orderflow.operations.TestBrowser.location;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.SECRET;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.SHIPPING;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.putDeadLetter;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.receive;
import static dev.orderflow.operations.deadletters.DeadLetterFixture.shipmentRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

/// An edit on the pages: change, compare, send.
@OperationsConsoleFixture
class MessageEditPageTest {

    private static final Map<String, String> EDIT =
            Map.of("change.schemaVersion", "1", "reason", "version 2 never existed");

    private final int port;
    private final DeadLetterFixture deadLetters;
    private UUID order = UUID.randomUUID();

    @Autowired
    MessageEditPageTest(
            @LocalServerPort int apiPort,
            @Qualifier("pagesConnector") AdditionalConnector connector,
            JdbcClient jdbc) {
        this.deadLetters = new DeadLetterFixture(apiPort, jdbc);
        this.port = connector.port();
        jdbc.sql("DELETE FROM waiting_action").update();
        PageFixture.withoutWork();
    }

    /// Dead-letters a shipment request in a version that does not exist.
    ///
    /// @return the address of its edit
    private String putOriginal() {
        order = ServiceStubs.putOrder("CONFIRMED").id;
        putDeadLetter(
                SHIPPING,
                shipmentRequest(order).replace("\"schemaVersion\":1", "\"schemaVersion\":2"),
                Map.of("reason", "unknown <b>version</b> 2", "fingerprint", "aaaa"));
        return pathOf(
                deadLetters.show(SHIPPING).path("messages").get(0).path("messageId").stringValue());
    }

    private static String pathOf(String messageId) {
        return "/dead-letters/%s-dlq/messages/%s/edit".formatted(SHIPPING, messageId);
    }

    private TestBrowser signIn(String name, OperatorRole role) {
        return new TestBrowser(port).signIn(name, role);
    }

    @Test
    void theFormHasTheFieldsThatTheSchemaAllowsWithTheirRules() {
        var form = signIn("oskar", OperatorRole.OPERATOR).read(putOriginal());
        assertThat(form)
                .contains("<label for=\"field-schemaVersion\">schemaVersion</label>")
                .contains("name=\"change.schemaVersion\" value=\"2\"", "must be 1")
                .contains("unknown &lt;b&gt;version&lt;/b&gt; 2", order.toString())
                .doesNotContain("taskToken", SECRET);
    }

    @Test
    void bothMessagesAreComparedSideBySideBeforeAnythingIsSent() {
        var path = putOriginal();
        var comparison =
                signIn("oskar", OperatorRole.OPERATOR)
                        .read(path + "/comparison?change.schemaVersion=1");
        assertThat(comparison)
                .contains("<del>2</del>", "<ins>1</ins>", "ArrangeShipment")
                .contains("name=\"change.schemaVersion\" value=\"1\"")
                .contains(path + "?change.schemaVersion=1", "Change it again")
                .doesNotContain(SECRET);
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isEqualTo(1);
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
    }

    @Test
    void anInvalidValueIsNamedBesideItsFieldAndKept() {
        var path = putOriginal();
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var refused = oskar.get(path + "/comparison?change.schemaVersion=%3Cscript%3E");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("schemaVersion must be 1. Nothing was done.", "aria-invalid=\"true\"")
                .contains("value=\"&lt;script>\"")
                .doesNotContain("<script>");
        for (var changes :
                new String[] {"", "?change.taskToken=stolen", "?change.schemaVersion=2"}) {
            assertThat(oskar.get(path + "/comparison" + changes).statusCode())
                    .as(changes)
                    .isEqualTo(400);
        }
        assertThat(
                        oskar.post(path, Map.of("change.schemaVersion", "1", "reason", " "))
                                .statusCode())
                .isEqualTo(400);
        assertThat(SqsFixture.depth(SHIPPING)).isZero();
    }

    @Test
    void anEditIsConfirmedBySomeoneElseAndItsPageNamesBothMessages() {
        var path = putOriginal();
        var original = path.split("/")[4];
        var waiting = signIn("oskar", OperatorRole.OPERATOR).post(path, EDIT);
        assertThat(location(waiting)).as(waiting.body()).isEqualTo("/approvals?done=requested");
        var anna = signIn("anna", OperatorRole.APPROVER);
        var confirmation =
                anna.read("/approvals").replaceAll("(?s).*(/confirmations/[0-9a-f-]{36}).*", "$1");
        assertThat(anna.post(confirmation, Map.of()).statusCode()).isEqualTo(303);
        var run = "/redrives/" + confirmation.substring("/confirmations/".length());
        await().until(() -> anna.get(run).statusCode() == 200);
        var page = await().until(() -> anna.read(run), html -> html.contains("took</dt>"));
        var sent = await().until(() -> receive(SHIPPING), it -> !it.isEmpty()).getFirst();
        assertThat(page)
                .contains(original + "</code>, never sent", sent.messageId(), "<ins>1</ins>");
        assertThat(sent.messageAttributes().get("edited-from").stringValue()).isEqualTo(original);
        assertThat(SqsFixture.depth(SHIPPING + "-dlq")).isZero();

        var again = signIn("oskar", OperatorRole.OPERATOR);
        for (var refused : new String[] {path, path + "/comparison?change.schemaVersion=1"}) {
            assertThat(again.get(refused).statusCode()).isEqualTo(409);
            assertThat(again.get(refused).body())
                    .contains("Message already edited", sent.messageId(), run);
        }
        assertThat(again.post(path, EDIT).statusCode()).isEqualTo(409);
        assertThat(SqsFixture.depth(SHIPPING)).isEqualTo(1);
    }

    @Test
    void aMessageThatIsGoneAndARoleThatIsTooSmallAreSaid() {
        var gone = signIn("oskar", OperatorRole.OPERATOR).get(pathOf(UUID.randomUUID().toString()));
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(gone.body()).contains("Dead letter not found", "/dead-letters");
        var refused = signIn("vera", OperatorRole.VIEWER).get(putOriginal());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("Your role does not permit this");
    }

    @Test
    void aMessageOfNoPublishedTypeIsSaidToBeNotEditable() {
        putDeadLetter(SHIPPING, "nonsense", Map.of());
        var id = deadLetters.show(SHIPPING).path("messages").get(0).path("messageId").stringValue();
        assertThat(signIn("oskar", OperatorRole.OPERATOR).read(pathOf(id)))
                .contains("This message cannot be edited")
                .doesNotContain("name=\"change.");
    }
}
