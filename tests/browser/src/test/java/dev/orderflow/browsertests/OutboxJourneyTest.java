package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@NeedsChromium
class OutboxJourneyTest {

    private static final String REASON = "MalformedDetail: a field is too long";

    private final ConsoleSystem system = ConsoleSystem.shared();

    @Test
    void parkedEventsAreReleasedForOneOrderAndForAllOfAReason() {
        var first = UUID.randomUUID().toString();
        var second = UUID.randomUUID().toString();
        var third = UUID.randomUUID().toString();
        for (var order : new String[] {first, second, third}) {
            system.park(order, REASON);
        }
        try (var oskar = OperatorBrowser.of(DevelopmentOperator.OSKAR)) {
            var page = oskar.page();
            page.locator("a.tile")
                    .filter(new Locator.FilterOptions().setHasText("parked events"))
                    .click();
            assertThat(page.locator("section").filter(reasons())).containsText("3");
            oskar.keepScreenshots("outbox");

            oskar.row(first).getByText("Release").first().click();
            oskar.row(first).getByLabel("Why").fill("the field is shorter now");
            oskar.press(oskar.row(first), "Release this order");
            assertThat(page.getByRole(AriaRole.STATUS).first()).not().isEmpty();
            assertThat(oskar.row(first)).hasCount(0);

            var reason = page.locator("section").filter(reasons());
            reason.getByText("Release").first().click();
            reason.getByLabel("Why").fill("the others, too");
            oskar.press(reason, "Release 2 events");
            assertThat(oskar.row(second)).hasCount(0);
            assertThat(oskar.row(third)).hasCount(0);
            assertThat(page.locator("main")).containsText("No event is parked.");

            oskar.open("/trail?subject=" + first);
            assertThat(oskar.row("the field is shorter now")).containsText("Oskar Operator");
            assertThat(oskar.row("the field is shorter now")).containsText("RELEASE_PARKED_EVENTS");
            oskar.open("/trail");
            assertThat(oskar.row("the others, too")).containsText(REASON);
            assertThat(oskar.row("the others, too")).containsText("order-service");
            oskar.keepScreenshots("trail-of-services");
        }
    }

    private static Locator.FilterOptions reasons() {
        return new Locator.FilterOptions().setHasText("By reason");
    }
}
