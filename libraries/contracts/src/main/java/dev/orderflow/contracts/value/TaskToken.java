package dev.orderflow.contracts.value;

import java.util.regex.Pattern;

/// The task token that completes a waiting task of the workflow. A secret: it authorises the
/// completion, so it is never logged.
///
/// @param value 1 to 2,048 printable ASCII characters, the limit of Step Functions
public record TaskToken(String value) {

    /// The form of a token, as a regular expression.
    public static final String PATTERN = "[!-~]{1,2048}";

    private static final Pattern FORM = Pattern.compile(PATTERN);

    public TaskToken {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValueException(
                    "taskToken", "must be 1 to 2048 printable ASCII characters");
        }
    }

    @Override
    public String toString() {
        return "TaskToken[…]";
    }
}
