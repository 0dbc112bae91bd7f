package dev.orderflow.defaults.problem;

import java.util.Locale;
import java.util.regex.Pattern;

/// Names failures in words and not by their classes, which the readers of an API do not know, and
/// without their messages, which may quote personal data.
public final class FailureWords {

    private static final Pattern FAILURE_CLASS =
            Pattern.compile("\\b(?:[a-z]+\\.)*([A-Z][A-Za-z0-9]*)(?:Exception|Error)\\b");
    private static final Pattern WORD_BOUNDARY =
            Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    private FailureWords() {}

    /// `http timeout` for an `HttpTimeoutException`.
    public static String of(Throwable failure) {
        return replaceClasses(failure.getClass().getSimpleName());
    }

    /// Replaces the names of exceptions in a text: `HttpTimeoutException` becomes `http timeout`.
    public static String replaceClasses(String text) {
        return FAILURE_CLASS
                .matcher(text)
                .replaceAll(
                        failure ->
                                String.join(" ", WORD_BOUNDARY.split(failure.group(1)))
                                        .toLowerCase(Locale.ROOT));
    }
}
