package dev.orderflow.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.auditor.Invariant;
import dev.orderflow.operations.deadletters.RedriveAssessment;
import dev.orderflow.operations.pages.PageNavigation;
import dev.orderflow.operations.pages.PageNavigation.NavigationItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The runbooks explain every value that operators read, by its name.
class RunbooksTest {

    private static final Pattern NAME = Pattern.compile("`([A-Z]+(?:_[A-Z]+)+)`");

    /// A link such as ``[`/work-items?kind=STUCK`](../operations-console.md)``.
    private static final Pattern PAGE =
            Pattern.compile("\\[`(/[a-z-]*)[^`]*`]\\(\\.\\./operations-console\\.md\\)");

    @Test
    void theRunbookOfViolationsExplainsEveryInvariantAndNoOther() throws IOException {
        assertThat(names("audit-violation.md")).isEqualTo(names(Invariant.values()));
    }

    @Test
    void theRunbookOfDeadLettersExplainsEveryAssessment() throws IOException {
        var table = Files.readString(runbook("dead-letters.md"));
        assertThat(names(RedriveAssessment.values()))
                .allSatisfy(name -> assertThat(table).contains("`" + name + "`"));
    }

    @Test
    void everyRunbookLeadsToAPageThatExists() throws IOException {
        var pages = PageNavigation.ITEMS.stream().map(NavigationItem::path).toList();
        try (var runbooks = Files.list(runbook("README.md").toAbsolutePath().getParent())) {
            for (var runbook :
                    runbooks.filter(file -> !file.endsWith("README.md")).sorted().toList()) {
                var link = PAGE.matcher(Files.readString(runbook));
                assertThat(link.find()).as("%s names a page", runbook.getFileName()).isTrue();
                assertThat(pages).as(runbook.toString()).contains(link.group(1));
            }
        }
    }

    private static Set<String> names(String runbook) throws IOException {
        return NAME.matcher(Files.readString(runbook(runbook)))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    private static Set<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).collect(Collectors.toSet());
    }

    /// Tests run in the folder of the module.
    private static Path runbook(String name) {
        return Stream.of("../docs/runbooks", "docs/runbooks")
                .map(folder -> Path.of(folder, name))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }
}
