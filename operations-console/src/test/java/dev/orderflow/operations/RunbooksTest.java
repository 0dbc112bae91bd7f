package dev.orderflow.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.auditor.Invariant;
import dev.orderflow.operations.deadletters.RedriveAssessment;
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
