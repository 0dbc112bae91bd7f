package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import java.util.ArrayList;
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
            page.waitForRequest(LiveFormsJourneyTest::isRefresh, () -> becomeVisible(page));
            var state = page.locator("#state");
            state.selectOption("SHIPPED");
            state.blur();
            becomeVisible(page);
            assertThat(status).containsText("This page has changed since");
            assertThat(state).hasValue("SHIPPED");

            state.selectOption("");
            state.blur();
            page.waitForRequest(LiveFormsJourneyTest::isRefresh, () -> becomeVisible(page));
            assertThat(status).isEmpty();
        }
    }

    /// The answer arrives between the two halves of a click, which needs one element for both.
    @Test
    void anAnswerOnItsWayDoesNotReplaceWhatThePointerPresses() {
        try (var vera = OperatorBrowser.of(DevelopmentOperator.VERA)) {
            var page = vera.page();
            var delayed = new ArrayList<Route>();
            vera.open("/orders");
            page.route(
                    address -> address.endsWith("/orders"),
                    route -> {
                        if (delayed.isEmpty()) {
                            delayed.add(route);
                        } else {
                            route.resume();
                        }
                    });
            page.waitForRequest(LiveFormsJourneyTest::isRefresh, () -> becomeVisible(page));
            var button = page.locator("#live button.primary");
            button.evaluate("button => button.dataset.pressed = 'yes'");
            button.hover();
            page.mouse().down();
            page.waitForResponse(
                    response -> isRefresh(response.request()), () -> delayed.getFirst().resume());
            assertThat(page.locator("#live.htmx-request")).hasCount(0);
            assertThat(button).hasAttribute("data-pressed", "yes");
            page.waitForRequest(Request::isNavigationRequest, () -> page.mouse().up());
        }
    }

    private static boolean isRefresh(Request request) {
        return request.headers().containsKey("hx-request");
    }

    /// Its script refreshes a page at once when its window becomes visible.
    private static void becomeVisible(Page page) {
        page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))");
    }
}
