package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localrun.Component;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import org.junit.jupiter.api.Test;

@NeedsChromium
class SignInJourneyTest {

    private final ConsoleSystem system = ConsoleSystem.shared();

    @Test
    void aLinkToAPageLeadsThroughTheIssuerToThatPageAndSigningOutEndsTheSession() {
        try (var browser = OperatorBrowser.open()) {
            var page = browser.page();
            page.navigate(OperatorBrowser.address("/work-items?kind=STUCK"));
            assertThat(page).hasTitle("Choose an operator");
            assertThat(page.url()).startsWith(system.issuer().toString());
            browser.keepScreenshots("sign-in");
            assertThat(AxeReport.of(page).grave()).isEmpty();

            browser.choose(DevelopmentOperator.VERA);
            assertThat(page).hasURL(OperatorBrowser.address("/work-items?kind=STUCK"));
            page.locator(".person summary").click();
            assertThat(page.locator(".person")).containsText("Vera Viewer");
            assertThat(page.locator(".person")).containsText("viewer");

            browser.press(page.locator(".person"), "Sign out");
            assertThat(page.locator("h1")).hasText("Signed out");
            // The page may have been read again after the session had ended and before it was left.
            assertThat(browser.takeErrors()).allSatisfy(error -> assertThat(error).contains("401"));
            browser.keepScreenshots("signed-out");
            assertThat(AxeReport.of(page).grave()).isEmpty();
            page.navigate(OperatorBrowser.address("/"));
            assertThat(page).hasTitle("Choose an operator");
        }
    }

    /// The page was open when the session ended: its script says so, and leaves what is shown.
    @Test
    void anOpenPageSaysThatItsSessionHasEnded() {
        try (var browser = OperatorBrowser.of(DevelopmentOperator.VERA)) {
            system.execute(Component.OPERATIONS_CONSOLE, "DELETE FROM operator_session");
            assertThat(browser.page().locator("#live-status"))
                    .hasText("Your session has ended: reload the page to sign in.");
            assertThat(browser.page().locator("#invariants")).isVisible();
            browser.page().navigate("about:blank");
            assertThat(browser.takeErrors()).allSatisfy(error -> assertThat(error).contains("401"));
        }
    }

    @Test
    void theThemeIsRememberedInThisBrowser() {
        try (var browser = OperatorBrowser.of(DevelopmentOperator.VERA)) {
            var page = browser.page();
            page.locator(".person summary").click();
            browser.follow("dark");
            assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
            assertThat(page.locator("body")).hasCSS("background-color", "rgb(18, 21, 26)");
            browser.open("/orders");
            assertThat(page.locator("body")).hasCSS("background-color", "rgb(18, 21, 26)");
        }
    }
}
