package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/// No pointer is used.
@NeedsChromium
class KeyboardJourneyTest {

    private static final int MAX_STOPS = 80;

    /// The focused element, when nothing shows that it is.
    private static final String INVISIBLE_FOCUS =
            """
            () => {
              const focused = document.activeElement;
              const style = getComputedStyle(focused);
              return focused === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
                ? "" : focused.outerHTML.slice(0, 200);
            }
            """;

    private final ConsoleSystem system = ConsoleSystem.shared();

    @Test
    void aWorkItemIsResolvedWithTheKeyboardAloneAndTheFocusIsAlwaysVisible() {
        var order = system.order(ConsoleSystem.MUG);
        system.awaitOrderState(order, "SHIPPED");
        system.openWorkItem(order, "resolved with the keyboard");
        try (var oskar = OperatorBrowser.open()) {
            var page = oskar.page();
            page.navigate(OperatorBrowser.address("/"));
            tabTo(
                    oskar,
                    page.locator("a[href$='operator=" + DevelopmentOperator.OSKAR.user() + "']"));
            page.keyboard().press("Enter");
            assertThat(page).hasURL(OperatorBrowser.address("/"));

            page.keyboard().press("Tab");
            assertThat(page.locator("a.skip")).isFocused();
            page.keyboard().press("Enter");
            assertThat(page.locator("main")).isFocused();
            oskar.open("/");
            tabTo(oskar, page.locator("nav a[href='/work-items']"));
            page.keyboard().press("Enter");
            assertThat(page).hasURL(OperatorBrowser.address("/work-items"));

            var item = oskar.row("resolved with the keyboard");
            tabTo(oskar, item.locator("summary"));
            page.keyboard().press("Enter");
            assertThat(item.getByLabel("What was done")).isVisible();
            oskar.keepScreenshots("keyboard");
            tabTo(oskar, item.getByLabel("What was done"));
            page.keyboard().type("compared with the carrier");
            page.keyboard().press("Enter");
            assertThat(page.getByRole(AriaRole.STATUS).first()).not().isEmpty();
            assertThat(item).hasCount(0);
        }
    }

    @Test
    void theMarksOfAnOrderCanBeSkipped() {
        var order = system.order(ConsoleSystem.MUG);
        system.awaitOrderState(order, "SHIPPED");
        try (var vera = OperatorBrowser.of(DevelopmentOperator.VERA)) {
            var page = vera.page();
            vera.open("/orders/" + order);
            tabTo(vera, page.locator(".panel a.skip"));
            page.keyboard().press("Enter");
            assertThat(page.locator("#timeline")).isFocused();
            page.keyboard().press("Shift+Tab");
            assertThat(page.locator("#picture ~ .scroll svg a").last()).isFocused();
        }
    }

    /// A page that is replaced loses the place of the focus.
    @Test
    void aPageIsNotReplacedWhileTheKeyboardIsInIt() {
        try (var vera = OperatorBrowser.of(DevelopmentOperator.VERA)) {
            var page = vera.page();
            vera.open("/orders");
            page.waitForRequest(LiveRefresh::isRefresh, () -> LiveRefresh.becomeVisible(page));
            var refreshes = new ArrayList<Request>();
            tabTo(vera, page.locator("#live .row a").first());
            page.onRequest(
                    request -> {
                        if (LiveRefresh.isRefresh(request)) {
                            refreshes.add(request);
                        }
                    });
            LiveRefresh.becomeVisible(page);
            LiveRefresh.becomeVisible(page);
            assertThat(refreshes).isEmpty();
            page.evaluate("() => document.activeElement.blur()");
            page.waitForRequest(LiveRefresh::isRefresh, () -> LiveRefresh.becomeVisible(page));
        }
    }

    /// The answer arrives after the reader has reached the page with the keyboard.
    @Test
    void anAnswerOnItsWayDoesNotReplaceAPageInWhichItsReaderIsMeanwhile() {
        try (var vera = OperatorBrowser.of(DevelopmentOperator.VERA)) {
            var page = vera.page();
            vera.open("/orders");
            var link = page.locator("#live .row a").first();
            LiveRefresh.beforeTheAnswer(page, "/orders", () -> tabTo(vera, link));
            assertThat(page.locator("#live-status")).containsText("This page has changed since");
            assertThat(link).isFocused();
        }
    }

    /// Presses Tab until an element has the focus; each element on the way must show that it has
    /// it.
    private static void tabTo(OperatorBrowser browser, Locator wanted) {
        var page = browser.page();
        for (int stops = 0; stops < MAX_STOPS; stops++) {
            page.keyboard().press("Tab");
            assertThat(page.evaluate(INVISIBLE_FOCUS)).as("has an invisible focus").isEqualTo("");
            if ((boolean) wanted.evaluate("element => element === document.activeElement")) {
                return;
            }
        }
        throw new AssertionError("the keyboard does not reach " + wanted);
    }
}
