package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.EmulateMediaOptions;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.orderflow.contracts.fixture.LongTimeoutExtension;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/// The browser of one person, with cookies of its own. At its end it must have reported no error:
/// no failed script, no refused file, no violation of the Content Security Policy.
final class OperatorBrowser implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final BrowserContext context;
    private final Page page;
    private final List<String> errors = new ArrayList<>();

    private OperatorBrowser(NewContextOptions options) {
        PlaywrightAssertions.setDefaultAssertionTimeout(LongTimeoutExtension.TIMEOUT.toMillis());
        context =
                Chromium.browser()
                        .newContext(
                                options.setViewportSize(1280, 900)
                                        .setTimezoneId("Europe/Berlin")
                                        .setLocale("en-GB"));
        context.setDefaultTimeout(LongTimeoutExtension.TIMEOUT.toMillis());
        context.onConsoleMessage(
                message -> {
                    if (message.type().equals("error")) {
                        errors.add(message.text() + " " + message.location());
                    }
                });
        context.onWebError(error -> errors.add(error.error()));
        context.onDialog(
                dialog -> {
                    errors.add("a dialog opened: " + dialog.message());
                    dialog.dismiss();
                });
        page = context.newPage();
    }

    /// A browser without a session.
    static OperatorBrowser open() {
        return new OperatorBrowser(new NewContextOptions());
    }

    /// A browser that executes no scripts, without a session.
    static OperatorBrowser openWithoutScripts() {
        return new OperatorBrowser(new NewContextOptions().setJavaScriptEnabled(false));
    }

    /// A browser in which an operator is signed in and has the first page open.
    static OperatorBrowser of(DevelopmentOperator operator) {
        return open().signIn(operator);
    }

    /// Signs in, and waits for the first page.
    OperatorBrowser signIn(DevelopmentOperator operator) {
        page.navigate(ConsoleSystem.shared().pages().toString());
        choose(operator);
        assertThat(page).hasURL(address("/"));
        return this;
    }

    /// Chooses who to be on the page of the issuer.
    void choose(DevelopmentOperator operator) {
        page.locator("a[href$='operator=" + operator.user() + "']").click();
    }

    Page page() {
        return page;
    }

    /// Opens a page, which must exist.
    void open(String path) {
        var response = page.navigate(address(path));
        Assertions.assertThat(response.status()).as(path).isEqualTo(200);
    }

    static String address(String path) {
        return ConsoleSystem.shared().pages().resolve(path).toString();
    }

    /// Follows a link of the page with this text.
    void follow(String link) {
        page.getByRole(AriaRole.LINK, new GetByRoleOptions().setName(link).setExact(true))
                .first()
                .click();
    }

    /// Presses a button of the page with this text, in a part of the page.
    void press(Locator part, String button) {
        part.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(button)).click();
    }

    /// The row of a table with a text.
    Locator row(String text) {
        return page.locator("tr").filter(new Locator.FilterOptions().setHasText(text));
    }

    /// Loads the page again until a part of it is there, which a script would do every few seconds.
    void reloadUntilVisible(Locator part) {
        org.awaitility.Awaitility.await("the page to show " + part)
                .until(
                        () -> {
                            page.reload();
                            return part.first().isVisible();
                        });
    }

    /// Keeps the page as a picture in light and in dark.
    void keepScreenshots(String name) {
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            show(scheme);
            page.screenshot(
                    new ScreenshotOptions()
                            .setFullPage(true)
                            .setPath(
                                    SCREENSHOTS.resolve(
                                            name
                                                    + "-"
                                                    + scheme.name().toLowerCase(Locale.ROOT)
                                                    + ".png")));
        }
    }

    /// Shows the page as on a device with these colours.
    void show(@Nullable ColorScheme scheme) {
        page.emulateMedia(new EmulateMediaOptions().setColorScheme(scheme));
    }

    /// The errors that the browser reported so far, which are forgotten with this.
    List<String> takeErrors() {
        var taken = List.copyOf(errors);
        errors.clear();
        return taken;
    }

    @Override
    public void close() {
        context.close();
        Assertions.assertThat(errors).as("errors on the console of the browser").isEmpty();
    }
}
