package dev.orderflow.operations.runbooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.operations.alarms.AlarmDescription;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A name that a runbook can have is understood in links and in the descriptions of alarms.
class RunbookNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"README", "dead-letters", "s3", "a-2b"})
    void aNameIsUnderstoodInALinkAndInADescription(String name) {
        assertThat(new RunbookDocument(name, "Title", "").name()).isEqualTo(name);
        assertThat(new RunbookHtml(Set.of(name)).render("[look](%s.md#first)".formatted(name)))
                .contains("href=\"%s#first\"".formatted(RunbookDocument.path(name)));
        assertThat(descriptionOf(name).runbook()).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "../a", "a.b", "ä"})
    void anotherTextIsNoName(String name) {
        assertThatThrownBy(() -> new RunbookDocument(name, "Title", ""))
                .hasMessageContaining("runbook name");
        assertThat(new RunbookHtml(Set.of(name)).render("[look](<%s.md>)".formatted(name)))
                .doesNotContain("href");
        assertThat(descriptionOf(name).runbook()).isEmpty();
    }

    private static AlarmDescription descriptionOf(String name) {
        return AlarmDescription.of(
                "It fails. Console: https://console/outbox Runbook: docs/runbooks/%s.md"
                        .formatted(name));
    }
}
