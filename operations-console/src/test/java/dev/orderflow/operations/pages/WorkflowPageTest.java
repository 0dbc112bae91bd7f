package dev.orderflow.operations.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.TestBrowser;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;

@OperationsConsoleFixture
class WorkflowPageTest {

    private final TestBrowser browser;

    @Autowired
    WorkflowPageTest(@Qualifier("pagesConnector") AdditionalConnector connector) {
        this.browser = new TestBrowser(connector.port()).signIn("vera", OperatorRole.VIEWER);
    }

    @Test
    void theGraphHasTheStatesOfTheDefinition() {
        assertThat(browser.read("/workflow"))
                .contains(">Reserve</text>", ">Ship</text>", ">Release</text>")
                .contains("class=\"edge error\"")
                .contains("None. Executions that failed");
    }

    @Test
    void anOrderWithoutAnExecutionIsSaidToHaveNone() {
        assertThat(browser.read("/workflow?order=" + PageFixture.ORDER))
                .contains("No execution of this order is known to Step Functions.");
        assertThat(browser.get("/workflow?order=nonsense").statusCode()).isEqualTo(400);
    }
}
