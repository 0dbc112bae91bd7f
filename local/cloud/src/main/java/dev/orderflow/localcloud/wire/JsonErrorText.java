package dev.orderflow.localcloud.wire;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/// The reason why a text is not JSON, as AWS returns it. AWS uses the same parser, with the source
/// of the text included.
public final class JsonErrorText {

    private static final Pattern SOURCE = Pattern.compile("\\[Source: REDACTED[^]]*]");

    private JsonErrorText() {}

    public static String of(JacksonException failure) {
        return SOURCE.matcher(failure.getOriginalMessage()).replaceAll("[Source: (String)]");
    }
}
