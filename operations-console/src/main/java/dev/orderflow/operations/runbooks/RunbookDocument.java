package dev.orderflow.operations.runbooks;

/// What to do about an alarm.
///
/// @param name of its file without `.md`, see [#NAME_REGEX]
/// @param html its text without the title; source text that looks like HTML is escaped
public record RunbookDocument(String name, String title, String html) {

    /// The names that links and descriptions of alarms can have, as a regular expression.
    public static final String NAME_REGEX = "[A-Za-z0-9-]+";

    /// Checks the name.
    public RunbookDocument {
        if (!name.matches(NAME_REGEX)) {
            throw new IllegalArgumentException(
                    "runbook name must have letters, digits and hyphens only but was " + name);
        }
    }

    /// Where the pages have it.
    public static String path(String name) {
        return "/runbooks/" + name;
    }
}
