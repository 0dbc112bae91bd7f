package dev.orderflow.operations.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.TestBrowser;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Texts of other systems are text on a page, whatever is in them.
@OperationsConsoleFixture
class HostileContentTest {

    private static final String SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>";

    private final TestBrowser browser;
    private final JdbcClient jdbc;

    @Autowired
    HostileContentTest(
            @Qualifier("pagesConnector") AdditionalConnector connector, JdbcClient jdbc) {
        this.browser = new TestBrowser(connector.port()).signIn("vera", OperatorRole.VIEWER);
        this.jdbc = jdbc;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/work-items", "/outbox", "/audit"})
    void textsAreShownAndNotInterpreted(String page) {
        PageFixture.withoutWork();
        PageFixture.withWorkItem(SCRIPT, SCRIPT + "\\u202e" + "x".repeat(1_000_000));
        PageFixture.withParkedEvents(SCRIPT);
        jdbc.sql("DELETE FROM violation").update();
        jdbc.sql(
                        """
                        INSERT INTO violation (invariant, subject, detail, opened_at)
                        VALUES ('ORDER_CHARGED_AT_MOST_ONCE', :text, :text, now())
                        """)
                .param("text", SCRIPT)
                .update();
        var html = browser.read(page);
        assertThat(html).contains("&lt;script&gt;");
        for (var harmful : List.of("<script>alert", "<img", "onerror=alert(2)>")) {
            assertThat(html.toLowerCase()).doesNotContain(harmful);
        }
    }
}
