package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import org.junit.jupiter.api.Test;

@NeedsChromium
class EditJourneyTest {

    private static final String QUEUE = "analytics-dlq";
    private static final String REASON = "version 2 never existed";

    private final ConsoleSystem system = ConsoleSystem.shared();

    @Test
    void aFieldIsChangedComparedConfirmedByAnotherPersonAndSentInPlaceOfTheOriginal() {
        var order = system.order(ConsoleSystem.MUG);
        system.awaitOrderState(order, "SHIPPED");
        system.deadLetterOfUnknownVersion(QUEUE, order, "5eed0006", REASON);
        try (var oskar = OperatorBrowser.of(DevelopmentOperator.OSKAR);
                var anna = OperatorBrowser.of(DevelopmentOperator.ANNA)) {
            var page = oskar.page();
            oskar.open("/dead-letters?fingerprint=5eed0006");
            oskar.reloadUntilVisible(oskar.row(REASON));
            oskar.row(REASON).getByText("Edit").click();
            page.locator("#field-schemaVersion").fill("1");
            oskar.keepScreenshots("edit-1-change");
            oskar.press(page.locator("main"), "Compare");
            assertThat(page.locator("tr.changed del")).hasText("2");
            assertThat(page.locator("tr.changed ins")).hasText("1");
            oskar.keepScreenshots("edit-2-compare");
            page.locator("#why").fill("the producer sent a wrong version");
            oskar.press(page.locator("main"), "Send the edited message");
            assertThat(page.getByRole(AriaRole.STATUS).first())
                    .hasText("Nothing was done yet: another person must confirm it here.");

            anna.open("/approvals");
            var waiting = anna.row("the producer sent a wrong version");
            waiting.getByText("Confirm").first().click();
            anna.press(waiting, "Confirm and execute");
            assertThat(anna.page().getByRole(AriaRole.STATUS).first())
                    .hasText("The action is confirmed and executed.");

            oskar.open("/dead-letters");
            oskar.row("the producer sent a wrong version").getByRole(AriaRole.LINK).click();
            assertThat(page.locator("h1 .state")).hasText("done");
            assertThat(page.locator("#edit").locator("xpath=..")).containsText("never sent");
            oskar.keepScreenshots("edit-3-sent");
            oskar.open("/dead-letters?fingerprint=5eed0006");
            oskar.reloadUntilVisible(page.getByText("No dead letter matches."));
        }
    }
}
