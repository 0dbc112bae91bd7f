package dev.orderflow.shipping.domain;

/// The task token that answers a waiting task of the workflow. A secret: it authorises the answer.
///
/// @param value up to 2,048 characters, the limit of Step Functions
public record TaskToken(String value) {

    private static final int MAX_LENGTH = 2_048;

    public TaskToken {
        // Read from a message, in which the value may be null.
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("task token must not be blank");
        }
        if (value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "task token must have at most " + MAX_LENGTH + " characters");
        }
    }

    @Override
    public String toString() {
        return "TaskToken[…]";
    }
}
