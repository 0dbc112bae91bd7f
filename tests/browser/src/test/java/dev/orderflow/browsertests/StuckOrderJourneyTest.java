package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@NeedsChromium
class StuckOrderJourneyTest {

    private final ConsoleSystem system = ConsoleSystem.shared();

    /// The gateway refuses the capture of a dispatched order, which its workflow does not repeat.
    @Test
    void anOrderIsFollowedFromTheAlarmToItsCauseAndToItsEnd() {
        system.refuseNextCapture();
        var order = system.order(ConsoleSystem.MUG);
        try (var oskar = OperatorBrowser.of(DevelopmentOperator.OSKAR)) {
            var page = oskar.page();
            var alarm = oskar.row("workflow-failed").first();
            await().until(
                            () -> {
                                system.raise("workflow-failed");
                                page.reload();
                                return alarm.isVisible()
                                        && page.locator("#work + table").isVisible();
                            });
            assertThat(page.locator("h1")).containsText("raised");
            assertThat(page.locator("h1"))
                    .containsText(Pattern.compile("work items? (is|are) open"));
            oskar.keepScreenshots("now-in-trouble");

            page.locator("a.tile").filter(hasText("open work items")).click();
            assertThat(oskar.row(order)).containsText("workflow failed");
            oskar.keepScreenshots("work-items");
            oskar.row(order).getByRole(AriaRole.LINK).first().click();
            assertThat(page.locator("h1")).containsText("dispatching");
            assertThat(page.locator("#timeline").locator("xpath=.."))
                    .containsText("CapturePayment");
            oskar.keepScreenshots("order-in-trouble");

            oskar.open("/workflow?order=" + order);
            assertThat(page.locator("h1")).containsText("failed");
            oskar.keepScreenshots("workflow-of-order");
            oskar.open("/workflow");
            assertThat(oskar.row(order)).containsText("CapturePayment");
            assertThat(oskar.row(order)).containsText("possible");

            oskar.row(order).getByText("Redrive").click();
            oskar.press(page.locator("main"), "Show the plan");
            page.locator("#why").fill("the gateway accepts captures");
            oskar.keepScreenshots("workflow-redrive-plan");
            oskar.press(page.locator("main"), "Redrive 1 execution");
            assertThat(page.locator("h1 .state")).hasText("done");
            system.awaitOrderState(order, "SHIPPED");

            oskar.open("/work-items");
            if (oskar.row(order).count() > 0) {
                oskar.row(order).getByText("Resolve").first().click();
                oskar.row(order).getByLabel("What was done").fill("redriven, captured once");
                oskar.press(oskar.row(order), "Resolve");
            }
            assertThat(oskar.row(order)).hasCount(0);
            oskar.open("/orders/" + order);
            assertThat(page.locator("h1")).containsText("shipped");
        }
    }

    private static Locator.FilterOptions hasText(String text) {
        return new Locator.FilterOptions().setHasText(text);
    }
}
