package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import org.junit.jupiter.api.Test;

@NeedsChromium
class CancellationJourneyTest {

    private final ConsoleSystem system = ConsoleSystem.shared();

    @Test
    void anOperatorCancelsAnOrderForItsCustomerAndItsPageSaysWhoAndWhy() {
        var order = system.orderThatWaitsForApproval();
        try (var vera = OperatorBrowser.of(DevelopmentOperator.VERA);
                var oskar = OperatorBrowser.of(DevelopmentOperator.OSKAR)) {
            vera.open("/orders/" + order);
            assertThat(vera.page().locator("section:has(#actions)")).containsText("role operator");
            assertThat(vera.page().locator("form[action$='/cancellation']")).hasCount(0);

            oskar.open("/orders/" + order);
            var page = oskar.page();
            page.locator("summary").getByText("Cancel the order").click();
            page.locator("#reason").fill("ordered twice by mistake");
            oskar.keepScreenshots("cancel-1-reason");
            oskar.press(page.locator("main"), "Cancel the order");
            assertThat(page.getByRole(AriaRole.STATUS).first())
                    .containsText("The cancellation is accepted");
            system.awaitOrderState(order, "CANCELLED");

            oskar.open("/orders/" + order);
            assertThat(page.locator("h1")).containsText("cancelled");
            assertThat(page.locator("main")).containsText("ordered twice by mistake");
            assertThat(page.locator("main")).containsText("Oskar Operator");
            assertThat(page.locator("form[action$='/cancellation']")).hasCount(0);
            oskar.keepScreenshots("cancel-2-cancelled");
        }
    }
}
