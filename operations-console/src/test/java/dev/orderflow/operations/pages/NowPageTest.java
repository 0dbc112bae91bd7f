package dev.orderflow.operations.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.TestBrowser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

@OperationsConsoleFixture
class NowPageTest {

    private final TestBrowser browser;
    private final JdbcClient jdbc;

    @Autowired
    NowPageTest(@Qualifier("pagesConnector") AdditionalConnector connector, JdbcClient jdbc) {
        this.browser = new TestBrowser(connector.port()).signIn("vera", OperatorRole.VIEWER);
        this.jdbc = jdbc;
    }

    @BeforeEach
    void withoutWork() {
        PageFixture.withoutWork();
        jdbc.sql("DELETE FROM violation").update();
        jdbc.sql("DELETE FROM dead_letter").update();
        jdbc.sql("UPDATE dead_letter_scan SET message_count = 0").update();
        jdbc.sql("DELETE FROM waiting_action").update();
        jdbc.sql("UPDATE audit_part SET completed_at = now()").update();
    }

    @Test
    void withoutWorkThePageSaysThatNoInvariantIsViolatedAndHowRecentlyThatWasCompared() {
        assertThat(browser.read("/"))
                .containsPattern("<h1>No invariant is violated as of \\d+ s ago\\.</h1>")
                .contains("Orders that a person must look at would be listed here by kind.")
                .contains("an order has at most one charge at the payment gateway")
                .doesNotContain("violation</span>");
    }

    @Test
    void whatWaitsForAPersonIsCountedInOneSentence() {
        PageFixture.withWorkItem("STUCK", "no progress");
        PageFixture.withApproval();
        PageFixture.withParkedEvents("too large");
        jdbc.sql(
                        """
                        INSERT INTO violation (invariant, subject, detail, opened_at)
                        VALUES ('ORDER_CHARGED_AT_MOST_ONCE', 'o1', 'charged twice', now())
                        """)
                .update();
        assertThat(browser.read("/"))
                .contains(
                        "<h1>1 work item is open, 1 decision waits, 3 events are parked, 1 invariant violation is open.</h1>")
                .contains("/work-items?kind=STUCK", "1 violation</span>");
    }

    @Test
    void aServiceThatDoesNotRespondIsNamedAndTheRestIsShown() {
        ServiceStubs.setUnavailable("/internal/work-items");
        PageFixture.withApproval();
        assertThat(browser.read("/"))
                .contains("Some numbers are missing: order-service responded with HTTP 503.")
                .contains("<b>?</b><span>open work items</span>")
                .contains("1 decision waits");
    }

    @Test
    void anAuditorThatStoppedIsReported() {
        jdbc.sql("UPDATE audit_part SET completed_at = now() - interval '1 hour'").update();
        assertThat(browser.read("/")).contains("The auditor has compared nothing since");
    }

    @Test
    void theServicesVerifyThePersonWhoReadsThePage() {
        browser.read("/");
        assertThat(ServiceStubs.requests("/internal/work-items").getLast())
                .satisfies(
                        request -> {
                            assertThat(request.header("Authorization")).startsWith("Bearer ");
                            assertThat(request.header("X-Api-Key")).isNull();
                        });
    }

    @Test
    void eachQueueIsALineOfTheLastHoursWithItsNumbersInATable() {
        jdbc.sql("DELETE FROM queue_sample").update();
        assertThat(browser.read("/")).contains("No sample yet.");
        jdbc.sql(
                        """
                        INSERT INTO queue_sample (queue, sampled_at, depth, dead_letters, oldest_dead_letter_at)
                        SELECT 'analytics', date_trunc('minute', now()) - n * interval '1 minute', 10 + n, n / 10,
                               now() - interval '2 hours'
                          FROM generate_series(0, 60) AS n WHERE n NOT BETWEEN 20 AND 30
                        """)
                .update();
        var html = browser.read("/");
        assertThat(html)
                .contains("<th scope=\"row\">analytics</th>", "<b>10</b>", "at most 70")
                .contains("Numbers of the lines", "<td class=\"number\">41</td>");
        var path = html.replaceAll("(?s).*?class=\"spark\" d=\"([^\"]+)\".*", "$1");
        // One line before and one after the time without a console.
        assertThat(path.split("M", -1)).hasSize(3);
    }

    @Test
    void timesAreInUtcWithoutAScript() {
        assertThat(browser.read("/"))
                .containsPattern(
                        "<time datetime=\"[^\"]+Z\" title=\"[0-9: -]+ UTC\">[0-9: -]+ UTC</time>");
    }

    @Test
    void theThemeIsThatOfTheCookie() {
        assertThat(browser.read("/")).contains("data-theme=\"system\"");
        assertThat(browser.get("/theme?name=dark").statusCode()).isEqualTo(303);
        assertThat(browser.read("/")).contains("data-theme=\"dark\"");
        assertThat(browser.get("/theme?name=%22%3E%3Cscript%3E").statusCode()).isEqualTo(400);
        assertThat(browser.read("/")).contains("data-theme=\"dark\"");
        browser.get("/theme?name=system");
    }
}
