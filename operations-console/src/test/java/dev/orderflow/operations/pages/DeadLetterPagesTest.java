package dev.orderflow.operations.pages;

import static dev.orderflow.operations.TestBrowser.location;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.TestBrowser;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

@OperationsConsoleFixture
class DeadLetterPagesTest {

    private static final String FINGERPRINT = "abcdef0123";

    private final int port;
    private final JdbcClient jdbc;

    @Autowired
    DeadLetterPagesTest(
            @Qualifier("pagesConnector") AdditionalConnector connector, JdbcClient jdbc) {
        this.port = connector.port();
        this.jdbc = jdbc;
    }

    @BeforeEach
    void withoutDeadLetters() {
        PageFixture.withoutWork();
        SqsFixture.createQueue("analytics");
        jdbc.sql("DELETE FROM dead_letter").update();
        jdbc.sql("TRUNCATE redrive CASCADE").update();
    }

    private TestBrowser signIn(String name, OperatorRole role) {
        return new TestBrowser(port).signIn(name, role);
    }

    private void insert(int number, String reason) {
        jdbc.sql(
                        """
                        INSERT INTO dead_letter (queue, message_id, order_id, type, fingerprint, reason,
                                                 reported_by, sent_at, seen_at)
                        SELECT 'analytics-dlq', 'm' || n, :order, 'OrderCreated', :fingerprint, :reason,
                               'CONSUMER', now() - interval '1 hour', now()
                          FROM generate_series(1, :number) AS n
                        """)
                .param("order", PageFixture.ORDER)
                .param("fingerprint", FINGERPRINT)
                .param("reason", reason)
                .param("number", number)
                .update();
    }

    @Test
    void deadLettersAreGroupedByCauseOverAllQueues() {
        insert(60, "<b>no such article</b>");
        var html = signIn("oskar", OperatorRole.OPERATOR).read("/dead-letters");
        assertThat(html)
                .contains("<b>60</b>", "&lt;b&gt;no such article")
                .contains(
                        "/dead-letters/redrive?queue=analytics-dlq&amp;fingerprint=" + FINGERPRINT);
        assertThat(signIn("vera", OperatorRole.VIEWER).read("/dead-letters"))
                .doesNotContain("/dead-letters/redrive");
    }

    @Test
    void aQueueThatHasNotBeenReadForLongIsNamed() {
        jdbc.sql(
                        """
                        INSERT INTO dead_letter_scan (queue, complete_at, next_due_at)
                        VALUES ('analytics-dlq', now() - interval '2 hours', now() - interval '1 hour')
                        ON CONFLICT ON CONSTRAINT dead_letter_scan_key DO UPDATE
                           SET complete_at = excluded.complete_at, next_due_at = excluded.next_due_at,
                               problem = NULL, problem_since = NULL
                        """)
                .update();
        try {
            assertThat(signIn("vera", OperatorRole.VIEWER).read("/dead-letters"))
                    .contains(
                            "analytics-dlq could not be read: a redrive is running",
                            "shown is what it held");
        } finally {
            jdbc.sql("UPDATE dead_letter_scan SET next_due_at = NULL").update();
        }
    }

    @Test
    void theMessagesOfAGroupArePagedAndLeadToTheirOrders() {
        insert(60, "no such article");
        var vera = signIn("vera", OperatorRole.VIEWER);
        var first = vera.read("/dead-letters?fingerprint=" + FINGERPRINT);
        assertThat(first.split("<code>m", -1)).hasSize(51);
        var next =
                first.replaceAll(
                        "(?s).*<a href=\"(/dead-letters\\?cursor[^\"]+)\">Next page.*", "$1");
        assertThat(vera.read(next.replace("&amp;", "&")).split("<code>m", -1)).hasSize(11);
        assertThat(vera.get("/dead-letters?orderId=nonsense").statusCode()).isEqualTo(400);
        assertThat(vera.get("/dead-letters?queue=nonsense").statusCode()).isEqualTo(400);
    }

    @Test
    void aRedriveIsChosenPlannedStartedAndShown() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        assertThat(
                        oskar.read(
                                "/dead-letters/redrive?queue=analytics-dlq&fingerprint="
                                        + FINGERPRINT))
                .contains("aria-current=\"step\">Choose", "value=\"" + FINGERPRINT + "\"");
        var planned = plan(oskar, "analytics-dlq");
        assertThat(oskar.read(planned)).contains("0 messages of analytics-dlq selected", "Oskar");
        var started = oskar.post(planned + "/start", Map.of("reason", "the article exists now"));
        assertThat(started.statusCode()).as(started.body()).isEqualTo(303);
        await().until(() -> oskar.read(location(started)), html -> html.contains("took</dt>"));
        assertThat(oskar.read(location(started)))
                .contains("the article exists now", "Oskar", "group=" + FINGERPRINT);
        assertThat(oskar.read("/dead-letters")).contains("the article exists now");
    }

    @Test
    void anActionThatIsNoneIsRefused() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var refused =
                oskar.post(
                        "/dead-letters/plans",
                        Map.of("queue", "analytics-dlq", "action", "explode"));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("must be redrive or discard");
    }

    @Test
    void aForcedRedriveWaitsForASecondPerson() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var waiting =
                oskar.post(
                        plan(oskar, "analytics-dlq") + "/start",
                        Map.of("force", "true", "reason", "they must go through"));
        assertThat(location(waiting)).isEqualTo("/approvals?done=requested");
        assertThat(oskar.read("/approvals"))
                .contains("they must go through", "yours: another person must confirm it");
    }

    @Test
    void ofTwoOperatorsWhoStartARedriveOfOneQueueTheSecondReadsWhoWasFirst() {
        jdbc.sql(
                        """
                        INSERT INTO redrive (id, target, action, requested_by, requested_by_name, reason,
                                             selection, state, lease_expires_at)
                        VALUES (:id, 'analytics-dlq', 'REDRIVE', 'anna', 'Anna', 'the first', 'all', 'RUNNING',
                                now() + interval '1 hour')
                        """)
                .param("id", UUID.randomUUID())
                .update();
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var refused =
                oskar.post(plan(oskar, "analytics-dlq") + "/start", Map.of("reason", "the second"));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(refused.body())
                .contains(
                        "analytics-dlq has a running redrive, started by Anna. Nothing was done.");
    }

    @Test
    void aRedriveThatEndedCannotBePaused() {
        var id = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO redrive (id, target, action, requested_by, requested_by_name, reason,
                                             selection, state, lease_expires_at, ended_at, done, blocked)
                        VALUES (:id, 'analytics-dlq', 'REDRIVE', 'oskar', 'Oskar', 'fixed', 'all', 'DONE',
                                now(), now(), 7, 2)
                        """)
                .param("id", id)
                .update();
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        assertThat(oskar.read("/redrives/" + id))
                .contains("<b>7</b><span>done", "<b>2</b><span>blocked")
                .doesNotContain("Pause");
        var refused =
                oskar.post(
                        "/redrives/" + id + "/control", Map.of("action", "PAUSE", "reason", "x"));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("The redrive is done by now. Nothing was done.");
        assertThat(oskar.get("/redrives/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
    }

    @Test
    void aPlanThatGrowsIsShownWithItsProgressAndCannotBeRunYet() {
        var id = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO redrive_plan (id, target, action, selection, force, complete, planned_by,
                                                  planned_by_name, item_count, indexed_at)
                        VALUES (:id, 'analytics-dlq', 'REDRIVE', '{"all":true}', false, false, 'oskar', 'Oskar',
                                1234, now())
                        """)
                .param("id", id)
                .update();
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        var path = "/dead-letters/plans/" + id;
        assertThat(oskar.read(path))
                .contains("Counting: 1234 messages so far.", "data-watch=\"plan/" + id + "\"")
                .contains("Counted in the index of dead letters, as of the scan")
                .doesNotContain("name=\"perSecond\"");
        var refused = oskar.post(path + "/start", Map.of("reason", "too early"));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("The plan is not ready", path);
        // As an instance that was killed leaves it.
        jdbc.sql("UPDATE redrive_plan SET changed_at = now() - interval '3 minutes' WHERE id = :id")
                .param("id", id)
                .update();
        assertThat(oskar.read(path))
                .contains("The plan has failed: the console stopped while it was made")
                .contains("data-watch=\"\"");
    }

    @Test
    void moreGroupsThanOnePageShowsHaveANextPage() {
        jdbc.sql(
                        """
                        INSERT INTO dead_letter (queue, message_id, type, fingerprint, reason, reported_by, sent_at,
                                                 seen_at)
                        SELECT 'analytics-dlq', 'm' || n, 'OrderCreated', 'aaaa' || lpad(n::text, 4, '0'), 'r' || n,
                               'CONSUMER', now(), now()
                          FROM generate_series(1, 130) AS n
                        """)
                .update();
        var vera = signIn("vera", OperatorRole.VIEWER);
        var first = vera.read("/dead-letters");
        assertThat(first.split("/dead-letters/groups/", -1)).hasSize(101);
        var next =
                first.replaceAll(
                        "(?s).*<a href=\"(/dead-letters\\?cursor[^\"]+)\">Next page.*", "$1");
        assertThat(vera.read(next.replace("&amp;", "&")).split("/dead-letters/groups/", -1))
                .hasSize(31);
        assertThat(vera.get("/dead-letters?cursor=x").statusCode()).isEqualTo(400);
        assertThat(vera.get("/dead-letters?reason=%00").statusCode()).isEqualTo(200);
    }

    @Test
    void invalidValuesOfAPlanAreNamed() {
        var oskar = signIn("oskar", OperatorRole.OPERATOR);
        for (var invalid :
                List.of(
                        Map.of("queue", "nonsense"),
                        Map.of("queue", "analytics-dlq", "fingerprint", "x"),
                        Map.of("queue", "analytics-dlq", "sentBefore", "today"),
                        Map.of("queue", "analytics-dlq", "sentBefore", "+300000-01-01T00:00Z"),
                        Map.of("queue", "analytics-dlq", "sentBefore", "-9999-01-01T00:00"),
                        Map.of("queue", "analytics-dlq", "orderId", "1"))) {
            assertThat(oskar.post("/dead-letters/plans", invalid).statusCode())
                    .as(invalid.toString())
                    .isEqualTo(400);
        }
        assertThat(
                        signIn("vera", OperatorRole.VIEWER)
                                .post("/dead-letters/plans", Map.of("queue", "analytics-dlq"))
                                .statusCode())
                .isEqualTo(403);
    }

    private static String plan(TestBrowser browser, String queue) {
        var planned =
                browser.post(
                        "/dead-letters/plans", Map.of("queue", queue, "fingerprint", FINGERPRINT));
        assertThat(planned.statusCode()).as(planned.body()).isEqualTo(303);
        return location(planned);
    }
}
