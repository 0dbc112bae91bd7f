package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@NeedsChromium
class RedriveJourneyTest {

    private static final String QUEUE = "analytics-dlq";
    private static final String REASON = "the projection did not know this version";

    /// As many as one person may redrive. At one per second the run lasts longer than a browser
    /// takes to pause and to cancel it, even on a busy machine.
    private static final int MESSAGES = 100;

    private final ConsoleSystem system = ConsoleSystem.shared();

    @AfterEach
    void removeDeadLetters() {
        system.purge(QUEUE);
    }

    @Test
    void aRedriveIsPlannedStartedWithACanaryPausedResumedAndCancelled() {
        var order = system.order(ConsoleSystem.MUG);
        system.awaitOrderState(order, "SHIPPED");
        system.deadLetter(QUEUE, order, MESSAGES, "5eed0001", REASON);
        try (var oskar = OperatorBrowser.of(DevelopmentOperator.OSKAR)) {
            var page = oskar.page();
            oskar.open("/dead-letters");
            oskar.reloadUntilVisible(oskar.row(REASON).getByText(String.valueOf(MESSAGES)).first());
            oskar.keepScreenshots("dead-letters");

            oskar.row(REASON).first().getByText("Redrive").click();
            assertThat(page.locator("#fingerprint")).hasValue("5eed0001");
            oskar.keepScreenshots("redrive-1-choose");
            oskar.press(page.locator("main"), "Show the plan");
            assertThat(page.locator("#plan")).containsText(MESSAGES + " messages of " + QUEUE);
            oskar.keepScreenshots("redrive-2-plan");

            page.locator("#why").fill("the release that knows it is out");
            page.locator("#perSecond").fill("1");
            oskar.press(page.locator("main"), "Redrive %d messages".formatted(MESSAGES));
            var done = page.locator(".tile.good b");
            // The canary is through, and another message.
            assertThat(done).not().hasText("0");

            var state = page.locator("h1 .state");
            page.locator("#why").fill("too many at once");
            oskar.press(page.locator("main"), "Pause");
            assertThat(page.getByRole(AriaRole.STATUS).first())
                    .hasText("The redrive pauses before its next item.");
            assertThat(state).hasText("paused");
            oskar.keepScreenshots("redrive-3-paused");

            page.locator("#why").fill("the load is low again");
            oskar.press(page.locator("main"), "Resume");
            assertThat(state).hasText("running");
            // It progresses meanwhile, and the text stays without the focus, too.
            page.locator("#why").fill("the rest is not needed");
            page.locator("#why").blur();
            assertThat(page.locator("#live-status")).containsText("This page has changed since");
            assertThat(page.locator("#why")).hasValue("the rest is not needed");
            oskar.press(page.locator("main"), "Cancel");
            assertThat(state).hasText("cancelled");
            assertThat(page.locator("#why")).hasCount(0);
            assertThat(page.locator("#grade")).isVisible();
            oskar.keepScreenshots("redrive-4-cancelled");

            oskar.open("/dead-letters");
            assertThat(oskar.row("the release that knows it is out")).containsText("cancelled");
            oskar.open("/trail?subject=" + QUEUE);
            for (var reason : new String[] {"too many at once", "the rest is not needed"}) {
                assertThat(oskar.row(reason).first()).containsText("Oskar Operator");
            }
            oskar.keepScreenshots("trail");
        }
    }
}
