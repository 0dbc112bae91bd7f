package dev.orderflow.operations.pages;

import static dev.orderflow.operations.TestBrowser.location;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.TestBrowser;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Owner and note of a group, with two operators at the same group.
@OperationsConsoleFixture
class DeadLetterGroupPageTest {

    private static final String PAGE = "/dead-letters/groups/abcdef99";
    private static final String NOTE = PAGE + "/note";

    private final int port;
    private final JdbcClient jdbc;

    @Autowired
    DeadLetterGroupPageTest(
            @Qualifier("pagesConnector") AdditionalConnector connector, JdbcClient jdbc) {
        this.port = connector.port();
        this.jdbc = jdbc;
    }

    @BeforeEach
    void oneGroup() {
        PageFixture.withoutWork();
        jdbc.sql("DELETE FROM dead_letter").update();
        jdbc.sql("DELETE FROM dead_letter_group").update();
        jdbc.sql(
                        """
                        INSERT INTO dead_letter (queue, message_id, type, fingerprint, reason,
                                                 reported_by, sent_at, seen_at)
                        SELECT 'analytics-dlq', 'm' || n, 'OrderCreated', 'abcdef99', 'no <b>such</b> article',
                               'CONSUMER', now(), now()
                          FROM generate_series(1, 3) AS n
                        """)
                .update();
    }

    private TestBrowser signIn(String name, OperatorRole role) {
        return new TestBrowser(port).signIn(name, role);
    }

    private static Map<String, String> note(int version, String owner, String note) {
        return Map.of("version", Integer.toString(version), "owner", owner, "note", note);
    }

    @Test
    void anOperatorWritesOwnerAndNoteAndTheListShowsThem() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        assertThat(oskar.read("/dead-letters")).contains(PAGE);
        assertThat(oskar.read(PAGE))
                .contains("3 messages with this cause", "no &lt;b&gt;such", "Nothing is written");
        var done = oskar.post(NOTE, note(0, "Team <Stock>", "see 4711"));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
        assertThat(oskar.read(location(done)))
                .contains("Owner and note are saved.", "Team &lt;Stock&gt;", "Oskar");
        assertThat(oskar.read("/dead-letters")).contains("Team &lt;Stock&gt;", "see 4711");
        var removed = oskar.post(NOTE, note(1, " ", ""));
        assertThat(oskar.read(location(removed))).contains("Owner and note are removed.");
    }

    @Test
    void ofTwoOperatorsTheSecondReadsWhoChangedItAndKeepsWhatWasEntered() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var anna = signIn("anna", OperatorRole.ADMINISTRATOR);
        assertThat(anna.post(NOTE, note(0, "Anna", "mine")).statusCode()).isEqualTo(303);
        var refused = oskar.post(NOTE, note(0, "Oskar", "not yours"));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body())
                .contains("Anna changed owner and note after you had opened this page.")
                .contains("Owner now: <strong>Anna</strong>. Note now: <strong>mine</strong>.")
                .contains("value=\"Oskar\"", "value=\"not yours\"")
                .contains("name=\"version\" value=\"1\"");
        assertThat(oskar.read(PAGE)).contains("<dd>Anna</dd>");
        assertThat(oskar.post(NOTE, note(1, "Oskar", "not yours")).statusCode()).isEqualTo(303);
        assertThat(oskar.read(PAGE)).contains("<dd>Oskar</dd>");
    }

    @Test
    void aFormThatIsSentTwiceIsSavedOnce() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        assertThat(oskar.post(NOTE, note(0, "Oskar", "")).statusCode()).isEqualTo(303);
        assertThat(oskar.post(NOTE, note(0, "Oskar", "")).statusCode()).isEqualTo(303);
        assertThat(jdbc.sql("SELECT version FROM dead_letter_group").query(Integer.class).single())
                .isEqualTo(1);
    }

    @Test
    void aGroupThatVanishedIsSaidAndItsNoteIsKept() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        jdbc.sql("DELETE FROM dead_letter").update();
        for (var gone :
                new int[] {
                    oskar.get(PAGE).statusCode(),
                    oskar.post(NOTE, note(0, "Oskar", "")).statusCode()
                }) {
            assertThat(gone).isEqualTo(404);
        }
        assertThat(oskar.get(PAGE).body()).contains("This group is gone");
        oneGroup();
        oskar.post(NOTE, note(0, "Oskar", "known"));
        jdbc.sql("DELETE FROM dead_letter").update();
        assertThat(oskar.read(PAGE)).contains("None any more", "<dd>known</dd>");
    }

    @Test
    void invalidValuesAreNamedAndAViewerCannotWrite() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        for (var invalid :
                new Map[] {
                    note(-1, "a", "b"), note(0, "x".repeat(101), ""), note(0, "a", "b\nc")
                }) {
            @SuppressWarnings("unchecked")
            var fields = (Map<String, String>) invalid;
            assertThat(oskar.post(NOTE, fields).statusCode()).isEqualTo(400);
        }
        for (var invisible : new String[] {"\u202e", "\u2066", "\u200b", "\u2028", "\u200d"}) {
            var refused = oskar.post(NOTE, note(0, "Os" + invisible + "kar", ""));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body())
                    .contains("`owner` must be on one line, without invisible characters");
            assertThat(oskar.post(NOTE, note(0, "Oskar", "kno" + invisible + "wn")).statusCode())
                    .isEqualTo(400);
        }
        assertThat(oskar.get("/dead-letters/groups/XYZ").statusCode()).isEqualTo(400);
        var vera = signIn("vera", OperatorRole.VIEWER);
        assertThat(vera.read(PAGE)).doesNotContain("name=\"version\"");
        assertThat(vera.post(NOTE, note(0, "a", "b")).statusCode()).isEqualTo(403);
    }
}
