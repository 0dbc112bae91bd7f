package dev.orderflow.operations.runbooks;

/// What to do about an alarm.
///
/// @param name of its file, without `.md`
/// @param html its text without the title; source text that looks like HTML is escaped
public record RunbookDocument(String name, String title, String html) {

    /// Where the pages have it.
    public static String path(String name) {
        return "/runbooks/" + name;
    }
}
