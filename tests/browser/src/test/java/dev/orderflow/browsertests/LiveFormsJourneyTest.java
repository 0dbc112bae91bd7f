package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Request;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import org.junit.jupiter.api.Test;

/// A page that keeps itself current takes nothing from its reader.
@NeedsChromium
class LiveFormsJourneyTest {

    @Test
    void aChoiceStaysWhenItsFieldNoLongerHasTheFocus() {
        try (var vera = OperatorBrowser.of(DevelopmentOperator.VERA)) {
            var page = vera.page();
            var status = page.locator("#live-status");
            vera.open("/orders");
            page.waitForRequest(LiveRefresh::isRefresh, () -> LiveRefresh.becomeVisible(page));
            var state = page.locator("#state");
            state.selectOption("SHIPPED");
            state.blur();
            LiveRefresh.becomeVisible(page);
            assertThat(status).containsText("This page has changed since");
            assertThat(state).hasValue("SHIPPED");

            state.selectOption("");
            state.blur();
            page.waitForRequest(LiveRefresh::isRefresh, () -> LiveRefresh.becomeVisible(page));
            assertThat(status).isEmpty();
        }
    }

    /// The answer arrives between the two halves of a click, which needs one element for both.
    @Test
    void anAnswerOnItsWayDoesNotReplaceWhatThePointerPresses() {
        try (var vera = OperatorBrowser.of(DevelopmentOperator.VERA)) {
            var page = vera.page();
            vera.open("/orders");
            var button = page.locator("#live button.primary");
            LiveRefresh.beforeTheAnswer(
                    page,
                    "/orders",
                    () -> {
                        button.evaluate("button => button.dataset.pressed = 'yes'");
                        button.hover();
                        page.mouse().down();
                    });
            assertThat(page.locator("#live.htmx-request")).hasCount(0);
            assertThat(button).hasAttribute("data-pressed", "yes");
            page.waitForRequest(Request::isNavigationRequest, () -> page.mouse().up());
        }
    }
}
