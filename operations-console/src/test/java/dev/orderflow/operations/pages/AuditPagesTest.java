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
class AuditPagesTest {

    private final TestBrowser browser;
    private final JdbcClient jdbc;

    @Autowired
    AuditPagesTest(@Qualifier("pagesConnector") AdditionalConnector connector, JdbcClient jdbc) {
        this.browser = new TestBrowser(connector.port()).signIn("vera", OperatorRole.VIEWER);
        this.jdbc = jdbc;
    }

    @BeforeEach
    void noActions() {
        ServiceStubs.reset();
    }

    @Test
    void openViolationsAreListedAndClearedOnesOnRequest() {
        jdbc.sql("DELETE FROM violation").update();
        assertThat(browser.read("/audit")).contains("No invariant is violated.");
        jdbc.sql(
                        """
                        INSERT INTO violation (invariant, subject, detail, opened_at, cleared_at)
                        VALUES ('ORDER_CHARGED_AT_MOST_ONCE', 'o-open', 'two charges', now(), NULL),
                               ('ORDER_CHARGED_AT_MOST_ONCE', 'o-cleared', 'was late', now(), now())
                        """)
                .update();
        assertThat(browser.read("/audit"))
                .contains("o-open", "two charges")
                .doesNotContain("o-cleared");
        assertThat(browser.read("/audit?cleared=true"))
                .contains("o-open", "o-cleared", "cleared</span>");
    }

    @Test
    void theTrailSaysWhoDidWhatAndWhyAndCanBeFilteredByWhatItIsAbout() {
        jdbc.sql(
                        """
                        INSERT INTO audit_trail (performed_by, performed_by_name, action, subject, reason)
                        SELECT 'oskar', 'Oskar', 'REDRIVE_MESSAGE', 'trail-page-test', 'reason ' || n
                          FROM generate_series(1, 60) AS n
                        """)
                .update();
        var first = browser.read("/trail?subject=trail-page-test");
        assertThat(first)
                .contains("Oskar", "reason 60", "operations-console")
                .doesNotContain("reason 10<");
        var next = first.replaceAll("(?s).*<a href=\"(/trail[^\"]+)\">Next page.*", "$1");
        assertThat(browser.read(next.replace("&amp;", "&")))
                .contains("reason 10<")
                .doesNotContain("reason 60<");
        assertThat(browser.read("/trail?subject=%00nothing"))
                .contains("Nothing is recorded about it");
        assertThat(browser.get("/trail?cursor=7").statusCode()).isEqualTo(400);
    }

    @Test
    void theTrailNamesAServiceThatDoesNotRespondAndShowsTheRest() {
        ServiceStubs.setResponse(
                "/order-service/internal/operator-actions",
                """
                {"actions":[{"id":7,"at":"2026-11-02T09:15:30Z","operator":"oskar","operatorName":"Oskar",
                             "action":"RESOLVE_WORK_ITEM","subject":"o-1","reason":"called the carrier","status":200}]}
                """);
        ServiceStubs.setUnavailable("/payment-service/internal/operator-actions");
        assertThat(browser.read("/trail?subject=o-1"))
                .contains("RESOLVE_WORK_ITEM", "called the carrier", "done", "order-service")
                .contains("This page is not complete: payment-service responded with HTTP 503.");
    }
}
