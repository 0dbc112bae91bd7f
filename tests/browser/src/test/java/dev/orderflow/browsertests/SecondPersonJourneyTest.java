package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

@NeedsChromium
class SecondPersonJourneyTest {

    private static final String QUEUE = "order-progress-dlq";

    private final ConsoleSystem system = ConsoleSystem.shared();

    @AfterAll
    static void removeDeadLetters() {
        ConsoleSystem.shared().purge(QUEUE);
        ConsoleSystem.shared().purge("order-progress");
    }

    /// The order of the messages is unknown, so a redrive must be forced, which takes two people.
    @Test
    void aForcedRedriveIsRequestedByOnePersonAndConfirmedByAnother() {
        system.deadLetter(QUEUE, UUID.randomUUID().toString(), 2, "5eed0002", "no such order");
        try (var oskar = OperatorBrowser.of(DevelopmentOperator.OSKAR);
                var anna = OperatorBrowser.of(DevelopmentOperator.ANNA)) {
            oskar.open("/dead-letters");
            oskar.reloadUntilVisible(oskar.row("no such order"));
            oskar.row("no such order").first().getByText("Redrive").click();
            oskar.press(oskar.page().locator("main"), "Show the plan");
            oskar.page().locator("#why").fill("restored from a backup");
            oskar.page().locator("input[name=force]").check();
            oskar.press(oskar.page().locator("main"), "Redrive 2 messages");
            assertThat(oskar.page().getByRole(AriaRole.STATUS).first())
                    .hasText("Nothing was done yet: another person must confirm it here.");
            assertThat(oskar.row("restored from a backup"))
                    .containsText("yours: another person must confirm it");
            oskar.keepScreenshots("approvals-waiting");

            anna.open("/approvals");
            anna.row("restored from a backup").getByText("Confirm").first().click();
            anna.press(anna.row("restored from a backup"), "Confirm and execute");
            assertThat(anna.page().getByRole(AriaRole.STATUS).first())
                    .hasText("The action is confirmed and executed.");
            assertThat(anna.row("restored from a backup")).hasCount(0);

            oskar.open("/dead-letters");
            assertThat(oskar.row("restored from a backup")).containsText("Oskar Operator");
        }
    }

    @Test
    void anOrderAboveTheLimitIsApprovedAndShips() {
        var order = system.orderThatWaitsForApproval();
        try (var oskar = OperatorBrowser.of(DevelopmentOperator.OSKAR);
                var anna = OperatorBrowser.of(DevelopmentOperator.ANNA)) {
            oskar.open("/approvals");
            assertThat(oskar.row(order)).containsText("needs the role approver");

            anna.follow("Approvals");
            anna.row(order).getByText("Decide").click();
            anna.row(order).getByLabel("Reason").fill("a known customer");
            anna.keepScreenshots("approvals-decide");
            anna.press(anna.row(order), "Approve");
            assertThat(anna.page().getByRole(AriaRole.STATUS).first())
                    .hasText("The order is approved; its workflow goes on.");
            assertThat(anna.row(order)).hasCount(0);
            system.awaitOrderState(order, "SHIPPED");

            anna.open("/orders/" + order);
            assertThat(anna.page().locator("h1")).containsText("shipped");
            assertThat(anna.page().locator("main")).containsText("Anna Approver");
            anna.keepScreenshots("order-shipped");
        }
    }
}
