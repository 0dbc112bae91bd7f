package dev.orderflow.contracts.value;

import java.util.regex.Pattern;

/// The task token that completes a waiting task of the workflow. A secret: it authorises the
/// completion, so it is never logged.
///
/// @param value 1 to 2,048 printable ASCII characters, the limit of Step Functions
public record TaskToken(String value) {

    private static final Pattern FORM = Pattern.compile("[!-~]{1,2048}");

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
