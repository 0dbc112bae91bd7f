package dev.orderflow.browsertests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What others wrote is text for a browser, too. That it is escaped has tests in
/// operations-console; here nothing of it is executed, loaded, or changes how other text reads.
@NeedsChromium
class HostilePagesTest {

    private static final String QUEUE = "stock-deductions-dlq";

    /// With an override of the direction of what follows, and no end of it.
    private static final String HOSTILE =
            "\u202eevil<script>document.title='owned'</script><img src=x onerror=alert(1)>"
                    + "<style>body{display:none}</style>\"'onfocus=alert(2) autofocus='${7*7}";

    private final ConsoleSystem system = ConsoleSystem.shared();

    @AfterEach
    void removeDeadLetters() {
        system.purge(QUEUE);
        system.execute(
                dev.orderflow.localrun.Component.ORDER_SERVICE,
                "DELETE FROM outbox_parked WHERE reason LIKE '%evil%'");
        system.execute(
                dev.orderflow.localrun.Component.ORDER_SERVICE,
                "DELETE FROM work_item WHERE reason LIKE '%evil%'");
    }

    @Test
    void scriptsAndMarksOfDirectionInMessagesAreShownAsText() {
        var order = system.order(ConsoleSystem.MUG);
        system.awaitOrderState(order, "SHIPPED");
        system.openWorkItem(order, HOSTILE);
        system.park(UUID.randomUUID().toString(), HOSTILE);
        system.sendMessage(
                QUEUE,
                "<script>" + "\u202ex".repeat(250_000),
                Map.of("fingerprint", "5eed0004", "reason", HOSTILE));
        system.sendMessage(
                QUEUE,
                "{\"detail-type\":\"%s\",\"detail\":{\"orderId\":\"%s\",\"eventId\":\"%s\"}}"
                        .formatted(HOSTILE.replace("\"", "\\\""), order, "<script>"),
                Map.of("fingerprint", "5eed0004", "reason", HOSTILE));
        try (var adam = OperatorBrowser.of(DevelopmentOperator.ADAM)) {
            var page = adam.page();
            adam.open("/dead-letters");
            adam.reloadUntilVisible(adam.row("evil<script>"));
            for (var path :
                    List.of(
                            "/",
                            "/dead-letters",
                            "/dead-letters?fingerprint=5eed0004",
                            "/dead-letters/redrive?queue=stock-deductions-dlq&fingerprint=5eed0004",
                            "/orders/" + order,
                            "/work-items",
                            "/outbox",
                            "/trail?subject=%3Cscript%3E%E2%80%AE")) {
                adam.open(path);
                assertThat(page.locator("h1")).isVisible();
                assertThat(page.title()).as(path).endsWith("· Orderflow");
                assertThat(page.evaluate(FOREIGN_ELEMENTS)).as(path).isEqualTo(List.of());
                assertThat(page.evaluate(MIRRORED)).as(path).isEqualTo(List.of());
                assertThat(page.evaluate(WIDER_THAN_THE_WINDOW)).as(path).isEqualTo(false);
            }
            adam.open("/dead-letters");
            adam.keepScreenshots("hostile-dead-letters");
        }
    }

    /// Elements that only a message can have brought.
    private static final String FOREIGN_ELEMENTS =
            """
            () => [...document.querySelectorAll("main script, main img, main style, [onerror], [onfocus], [autofocus]")]
              .map((element) => element.outerHTML.slice(0, 100))
            """;

    /// Texts of our own beside a hostile one whose first letter is shown to the right of the last.
    private static final String MIRRORED =
            """
            () => {
              const mirrored = [];
              const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
              for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
                const shown = text.data.trimEnd();
                const from = shown.length - shown.trimStart().length;
                if (shown.includes("\\u202e") || shown.length - from < 2) {
                  continue;
                }
                const at = (index) => {
                  const range = document.createRange();
                  range.setStart(text, index);
                  range.setEnd(text, index + 1);
                  return range.getBoundingClientRect();
                };
                const first = at(from), second = at(from + 1);
                if (first.width > 0 && first.top === second.top && second.left < first.left) {
                  mirrored.push(shown.slice(from));
                }
              }
              return mirrored;
            }
            """;

    private static final String WIDER_THAN_THE_WINDOW =
            "() => document.documentElement.scrollWidth > window.innerWidth";
}
