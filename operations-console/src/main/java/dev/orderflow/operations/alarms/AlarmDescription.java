package dev.orderflow.operations.alarms;

import dev.orderflow.operations.runbooks.RunbookDocument;
import java.util.Optional;
import java.util.regex.Pattern;

/// The description of an alarm in its parts. The stacks write it in the form of the topology: the
/// meaning, `Console:` with the URL of a page, `Runbook:` with a file below `docs/runbooks`.
///
/// @param runbook the name of the runbook; empty when the description has another form
public record AlarmDescription(String meaning, Optional<String> runbook) {

    private static final Pattern PARTS =
            Pattern.compile(
                    "(.*?) Console: \\S+ Runbook: docs/runbooks/(%s)\\.md"
                            .formatted(RunbookDocument.NAME_REGEX));

    /// Reads a description. One of another form is all meaning.
    public static AlarmDescription of(String description) {
        var parts = PARTS.matcher(description.strip());
        return parts.matches()
                ? new AlarmDescription(parts.group(1), Optional.of(parts.group(2)))
                : new AlarmDescription(description, Optional.empty());
    }
}
