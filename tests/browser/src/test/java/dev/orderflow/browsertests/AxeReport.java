package dev.orderflow.browsertests;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What [axe](https://github.com/dequelabs/axe-core) finds on a page.
///
/// @param violations each as its impact, its rule and the first element
/// @param passed how many rules were checked without a finding
record AxeReport(List<String> violations, int passed) {

    private static final String SCRIPT = load();

    private static final String RUN =
            """
            async () => {
              const result = await axe.run(document, { resultTypes: ["violations"] });
              return {
                passed: result.passes.length,
                violations: result.violations.map(
                  (found) => `${found.impact} ${found.id}: ${found.nodes[0].target} ${found.nodes[0].failureSummary}`),
              };
            }
            """;

    /// Examines the page that is open.
    @SuppressWarnings("unchecked")
    static AxeReport of(Page page) {
        // The debugger's interface executes it, so that the policy of the page stays as it is.
        if (!(boolean) page.evaluate("() => 'axe' in window")) {
            page.evaluate(SCRIPT);
        }
        var result = (Map<String, Object>) page.evaluate(RUN);
        return new AxeReport(
                (List<String>) Objects.requireNonNull(result.get("violations")),
                ((Number) Objects.requireNonNull(result.get("passed"))).intValue());
    }

    /// Those that keep a person from using the page.
    List<String> grave() {
        return violations.stream()
                .filter(found -> found.startsWith("serious") || found.startsWith("critical"))
                .toList();
    }

    private static String load() {
        try (var script = AxeReport.class.getResourceAsStream("/axe.min.js")) {
            return new String(
                    Objects.requireNonNull(script, "axe.min.js").readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
