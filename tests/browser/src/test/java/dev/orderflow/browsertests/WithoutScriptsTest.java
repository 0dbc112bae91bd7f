package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The browser executes no script.
@NeedsChromium
class WithoutScriptsTest {

    private static final String QUEUE = "notifications-dlq";

    private final ConsoleSystem system = ConsoleSystem.shared();

    @AfterEach
    void removeDeadLetters() {
        system.purge(QUEUE);
    }

    @Test
    void pagesAreReadAndActionsAreDone() {
        var order = system.order(ConsoleSystem.MUG);
        system.awaitOrderState(order, "SHIPPED");
        system.openWorkItem(order, "resolved without scripts");
        system.deadLetter(QUEUE, order, 2, "5eed0003", "read without scripts");
        try (var oskar = OperatorBrowser.openWithoutScripts().signIn(DevelopmentOperator.OSKAR)) {
            var page = oskar.page();
            assertThat(page.locator("#invariants")).isVisible();
            for (var link : page.locator("nav a").all()) {
                oskar.open(link.getAttribute("href"));
                assertThat(page.locator("h1")).isVisible();
            }

            oskar.open("/orders");
            page.locator("#orderId").fill(order);
            oskar.press(page.locator("main"), "Search");
            assertThat(page.locator("h1")).containsText("shipped");
            assertThat(page.locator("time").first()).containsText("UTC");
            oskar.keepScreenshots("order-without-scripts");

            oskar.open("/work-items");
            var item = oskar.row("resolved without scripts");
            item.locator("summary").click();
            item.getByLabel("What was done").fill("compared with the carrier");
            oskar.press(item, "Resolve");
            assertThat(page.getByRole(AriaRole.STATUS).first()).not().isEmpty();
            assertThat(item).hasCount(0);
            oskar.open("/trail?subject=" + order);
            assertThat(oskar.row("compared with the carrier")).containsText("Oskar Operator");
            assertThat(oskar.row("compared with the carrier")).containsText("RESOLVE_WORK_ITEM");

            oskar.open("/dead-letters");
            oskar.reloadUntilVisible(oskar.row("read without scripts"));
            oskar.row("read without scripts").first().getByText("Discard").click();
            oskar.press(page.locator("main"), "Show the plan");
            page.waitForURL("**/dead-letters/plans/*");
            oskar.reloadUntilVisible(page.locator("#why"));
            page.locator("#why").fill("recorded by hand");
            oskar.press(page.locator("main"), "Discard 2 messages");
            oskar.reloadUntilVisible(page.getByText("took"));
            assertThat(page.locator(".tile.good b")).hasText("2");
        }
    }
}
