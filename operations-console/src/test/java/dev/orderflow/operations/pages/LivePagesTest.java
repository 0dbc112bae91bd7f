package dev.orderflow.operations.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.TestBrowser;
import dev.orderflow.operations.live.LiveUpdates;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The stream that keeps pages current, and the requests that they make by themselves.
@OperationsConsoleFixture
class LivePagesTest {

    private static final Pattern WATCH = Pattern.compile("data-watch=\"([^\"]*)\"");

    private final int port;
    private final JdbcClient jdbc;
    private final LiveUpdates updates;

    @Autowired
    LivePagesTest(
            @Qualifier("pagesConnector") AdditionalConnector connector,
            JdbcClient jdbc,
            LiveUpdates updates) {
        this.port = connector.port();
        this.jdbc = jdbc;
        this.updates = updates;
    }

    @BeforeEach
    void withoutWork() {
        PageFixture.withoutWork();
    }

    private TestBrowser signIn(String name) {
        return new TestBrowser(port).signIn(name, OperatorRole.VIEWER);
    }

    private static String find(Iterator<String> lines, String... events) {
        while (lines.hasNext()) {
            var line = lines.next();
            for (var event : events) {
                if (line.equals("event: " + event)) {
                    return event;
                }
            }
        }
        return "end";
    }

    @Test
    void aStreamSaysWhenItIsReadyAndWhenWhatItWatchesHasChanged() {
        var response = signIn("lisa").openStream("/live?watch=trail+dead-letters");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/event-stream");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        try (var stream = response.body()) {
            var lines = stream.iterator();
            assertThat(find(lines, "ready", "changed")).isEqualTo("ready");
            jdbc.sql(
                            """
                            INSERT INTO audit_trail (performed_by, performed_by_name, action, subject, reason)
                            VALUES ('oskar', 'Oskar', 'REDRIVE_MESSAGE', 'live-page-test', 'x')
                            """)
                    .update();
            assertThat(find(lines, "changed")).isEqualTo("changed");
        }
        // The connection is closed with the next write.
        await().until(() -> updates.count() == 0);
    }

    @Test
    void aSessionThatEndedEndsItsStream() {
        var mona = signIn("mona");
        try (var stream = mona.openStream("/live?watch=violations").body()) {
            var lines = stream.iterator();
            assertThat(find(lines, "ready")).isEqualTo("ready");
            jdbc.sql("DELETE FROM operator_session WHERE subject = 'mona'").update();
            assertThat(find(lines, "session-ended")).isEqualTo("session-ended");
            assertThat(find(lines, "changed")).isEqualTo("end");
        }
        assertThat(mona.get("/live?watch=violations").statusCode()).isEqualTo(401);
    }

    @Test
    void withoutASessionNothingIsStreamedAndNothingLeadsToTheIssuer() {
        var stranger = new TestBrowser(port);
        assertThat(stranger.get("/live?watch=violations").statusCode()).isEqualTo(401);
        assertThat(stranger.get("/", "Live-Refresh", "true").statusCode()).isEqualTo(401);
        assertThat(stranger.get("/").statusCode()).isEqualTo(303);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/orders",
                "/orders/0198a6f2-0000-7000-8000-00000000000a",
                "/dead-letters",
                "/dead-letters/discarded",
                "/work-items",
                "/approvals",
                "/workflow",
                "/workflow?order=0198a6f2-0000-7000-8000-00000000000a",
                "/outbox",
                "/audit",
                "/trail"
            })
    void everyPageWatchesTopicsThatExistAndHasALinkToReloadWithoutScripts(String page) {
        var vera = signIn("vera");
        var response = vera.get(page);
        var watch = WATCH.matcher(response.body());
        if (response.statusCode() == 404) {
            return;
        }
        assertThat(watch.find()).isTrue();
        assertThat(response.body()).containsPattern("<noscript>.*Reload</a>");
        try (var stream =
                vera.openStream(
                                "/live?watch="
                                        + URLEncoder.encode(watch.group(1), StandardCharsets.UTF_8))
                        .body()) {
            assertThat(find(stream.iterator(), "ready")).isEqualTo("ready");
        }
    }

    @Test
    void unknownAndTooManyTopicsAreRefused() {
        var vera = signIn("vera");
        for (var watch : new String[] {"", "none", "order/x", "none/" + PageFixture.ORDER}) {
            assertThat(
                            vera.get(
                                            "/live?watch="
                                                    + URLEncoder.encode(
                                                            watch, StandardCharsets.UTF_8))
                                    .statusCode())
                    .as(watch)
                    .isEqualTo(400);
        }
        assertThat(vera.get("/live?watch=" + "trail+".repeat(13)).statusCode()).isEqualTo(400);
    }

    @Test
    void whatAPageReadsByItselfIsNoUseOfTheSession() {
        var noelle = signIn("noelle");
        jdbc.sql(
                        "UPDATE operator_session SET last_used_at = now() - interval '30 minutes' WHERE subject = 'noelle'")
                .update();
        assertThat(noelle.get("/", "Live-Refresh", "true").statusCode()).isEqualTo(200);
        assertThat(idleMinutes()).isGreaterThanOrEqualTo(30);
        assertThat(noelle.get("/").statusCode()).isEqualTo(200);
        assertThat(idleMinutes()).isLessThan(30);
    }

    private int idleMinutes() {
        return jdbc.sql(
                        "SELECT extract(epoch FROM now() - last_used_at)::int / 60 FROM operator_session WHERE subject = 'noelle'")
                .query(Integer.class)
                .single();
    }
}
