package dev.orderflow.operations.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.TestBrowser;
import dev.orderflow.operations.runbooks.RunbookDocument;
import dev.orderflow.operations.runbooks.RunbookFiles;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

@OperationsConsoleFixture
class RunbookPageTest {

    private static final Pattern LINK = Pattern.compile("<a href=\"([^\"#]*)(?:#([^\"]*))?\"");

    private final TestBrowser vera;
    private final RunbookFiles runbooks;

    @Autowired
    RunbookPageTest(
            @Qualifier("pagesConnector") AdditionalConnector connector, RunbookFiles runbooks) {
        PageFixture.withoutWork();
        this.vera = new TestBrowser(connector.port()).signIn("vera", OperatorRole.VIEWER);
        this.runbooks = runbooks;
    }

    @Test
    void theIndexListsEveryRunbookAndHowToRunItsCommands() {
        assertThat(runbooks.all()).hasSizeGreaterThan(20);
        var html = vera.read("/runbooks");
        assertThat(html).contains("ORDERFLOW_OPERATOR_ISSUER");
        assertThat(runbooks.all())
                .allSatisfy(
                        runbook -> assertThat(html).contains(RunbookDocument.path(runbook.name())));
    }

    @Test
    void everyRunbookHasAPageAndItsLinksLeadSomewhere() {
        var followed = new LinkedHashSet<String>();
        for (var runbook : runbooks.all()) {
            var html = vera.read(RunbookDocument.path(runbook.name()));
            assertThat(html).contains("<h1>").doesNotContain(".md\"");
            for (var link : LINK.matcher(runbook.html()).results().toList()) {
                var address = link.group(1);
                if (address.startsWith("https://") || !followed.add(link.group())) {
                    continue;
                }
                var target = address.isEmpty() ? html : vera.read(address);
                if (link.group(2) != null) {
                    assertThat(target).as(link.group()).contains("id=\"" + link.group(2) + "\"");
                }
            }
        }
        assertThat(followed).hasSizeGreaterThan(20);
    }

    @Test
    void commandsAreShownAsTheyAreTyped() {
        assertThat(vera.read("/runbooks/dead-letters"))
                .contains("<pre><code class=\"language-bash\">./orderflow dlq list")
                .contains("--fingerprint &lt;fingerprint&gt;");
    }

    @Test
    void anUnknownRunbookIsNotFoundAndNoFileIsReadByItsPath() {
        for (var name : List.of("none", "..", "%2e%2e%2fapplication", "README.md", "%00")) {
            assertThat(vera.get("/runbooks/" + name).statusCode()).as(name).isBetween(400, 404);
        }
    }
}
