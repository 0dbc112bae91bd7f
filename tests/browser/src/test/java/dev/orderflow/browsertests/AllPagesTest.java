package dev.orderflow.browsertests;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import dev.orderflow.localrun.Component;
import dev.orderflow.sandboxes.issuer.DevelopmentOperator;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Follows the links of the pages to one page of each kind, and examines it in light and in dark.
@NeedsChromium
class AllPagesTest {

    private static final String QUEUE = "approval-requests-dlq";

    private final ConsoleSystem system = ConsoleSystem.shared();

    @AfterEach
    void removeDeadLetters() {
        system.purge(QUEUE);
        system.execute(
                Component.ORDER_SERVICE,
                "DELETE FROM outbox_parked WHERE reason = 'for all pages'");
        system.execute(
                Component.ORDER_SERVICE, "DELETE FROM work_item WHERE reason = 'for all pages'");
    }

    @Test
    void axeHasNoSeriousFindingOnAnyPage() {
        system.orderThatWaitsForApproval();
        var order = system.order(ConsoleSystem.MUG);
        system.awaitOrderState(order, "SHIPPED");
        system.openWorkItem(order, "for all pages");
        system.park(order, "for all pages");
        system.deadLetter(QUEUE, order, 3, "5eed0005", "for all pages");
        try (var adam = OperatorBrowser.of(DevelopmentOperator.ADAM)) {
            adam.open("/dead-letters");
            adam.reloadUntilVisible(adam.row("for all pages"));
            var plan = plan(adam);
            var grave = new LinkedHashMap<String, List<String>>();
            var seen =
                    walk(
                            adam,
                            List.of(
                                    "/",
                                    "/orders/" + order,
                                    plan,
                                    "/dead-letters?fingerprint=5eed0005"),
                            grave);
            System.out.printf("axe examined %d pages in light and dark: %s%n", seen.size(), seen);
            assertThat(grave).isEmpty();
            assertThat(seen.keySet())
                    .contains(
                            "/",
                            "/orders",
                            "/orders/{id}",
                            "/dead-letters",
                            "/dead-letters/redrive",
                            "/dead-letters/plans/{id}",
                            "/dead-letters/" + QUEUE + "/messages/{id}",
                            "/work-items",
                            "/approvals",
                            "/workflow",
                            "/outbox",
                            "/audit",
                            "/trail");
        }
    }

    private static String plan(OperatorBrowser browser) {
        browser.open("/dead-letters/redrive?queue=" + QUEUE + "&fingerprint=5eed0005");
        browser.press(browser.page().locator("main"), "Show the plan");
        browser.page().waitForURL("**/dead-letters/plans/*");
        return java.net.URI.create(browser.page().url()).getPath();
    }

    /// @param grave receives the grave findings by page
    /// @return the pages by kind
    private static Map<String, String> walk(
            OperatorBrowser browser, List<String> first, Map<String, List<String>> grave) {
        var seen = new LinkedHashMap<String, String>();
        var next = new ArrayDeque<>(first);
        while (!next.isEmpty()) {
            var path = next.remove();
            if (seen.putIfAbsent(kindOf(path), path) != null) {
                continue;
            }
            browser.open(path);
            var page = browser.page();
            page.evaluate(
                    "() => document.querySelectorAll('details').forEach(it => it.open = true)");
            for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                browser.show(scheme);
                var report = AxeReport.of(page);
                assertThat(report.passed()).as("rules that %s passed", path).isGreaterThan(10);
                if (!report.grave().isEmpty()) {
                    grave.put(path + " " + scheme, report.grave());
                }
            }
            for (var link : page.locator("a[href]").all()) {
                var target = link.getAttribute("href");
                if (target.startsWith("/") && !target.startsWith("/theme")) {
                    next.add(target);
                }
            }
        }
        return seen;
    }

    /// A page without ids and values: `/orders/{id}`, `/workflow?order`.
    private static String kindOf(String path) {
        return path.replaceAll("#.*", "")
                .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "{id}")
                .replaceAll("=[^&]*", "")
                .replaceAll("[?].*(cursor|kind|state|cleared).*", "")
                .replaceAll("(/dead-letters/redrive)[?].*", "$1");
    }
}
