package dev.orderflow.operations.text;

import java.util.regex.Pattern;

/// Makes text of people and of other systems safe to show.
public final class RedactedText {

    /// Begins only where a word begins, so that matching takes linear time.
    private static final Pattern E_MAIL = Pattern.compile("(?<!\\S)\\S+@\\S+");

    private static final int MAX_LENGTH = 300;

    private RedactedText() {}

    /// Printable on a terminal, without anything like an e-mail address, 300 characters at most.
    public static String of(String text) {
        var clean =
                E_MAIL.matcher(text.replaceAll("[^\\x20-\\x7E]", "?"))
                        .replaceAll("(withheld)")
                        .strip();
        return clean.length() <= MAX_LENGTH ? clean : clean.substring(0, MAX_LENGTH) + "...";
    }
}
