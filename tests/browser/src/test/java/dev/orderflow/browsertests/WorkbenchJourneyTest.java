package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import org.junit.jupiter.api.Test;

@NeedsChromium
class WorkbenchJourneyTest {

    private final ConsoleSystem system = ConsoleSystem.shared();

    @Test
    void anOrderWaitsWhileTheBusIsOffAndShipsWhenItIsOnAgain() {
        try (var oskar = OperatorBrowser.of(DevelopmentOperator.OSKAR)) {
            var page = oskar.page();
            oskar.open("/workbench");
            oskar.press(page.locator("main"), "Switch events off");
            String order;
            try {
                assertThat(page.locator("#faults")).containsText("active");
                oskar.keepScreenshots("workbench-1-fault");
                page.locator("#sku").selectOption(ConsoleSystem.MUG);
                oskar.press(page.locator("main"), "Place the order");
                assertThat(page.getByRole(AriaRole.STATUS).first())
                        .containsText("The order is placed");
                order = page.locator("#order").inputValue();
                oskar.open("/orders/" + order);
                assertThat(page.locator("h1")).containsText("pending");
            } finally {
                oskar.open("/workbench");
                oskar.press(page.locator("main"), "Switch events on");
            }
            assertThat(page.locator("#faults")).containsText("none");
            system.awaitOrderState(order, "SHIPPED");
            oskar.open("/workbench?order=" + order);
            oskar.keepScreenshots("workbench-2-recovered");
            oskar.open("/orders/" + order);
            assertThat(page.locator("h1")).containsText("shipped");
        }
    }
}
