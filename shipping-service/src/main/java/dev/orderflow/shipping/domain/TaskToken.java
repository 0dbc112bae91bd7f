package dev.orderflow.shipping.domain;

/// What an answer to the workflow needs. A secret: who has it can answer.
///
/// @param value up to 2,048 characters, the limit of Step Functions
public record TaskToken(String value) {

    private static final int LONGEST = 2_048;

    public TaskToken {
        // Comes from outside, where a null is possible whatever the type says.
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("task token must not be blank");
        }
        if (value.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "task token must have at most " + LONGEST + " characters");
        }
    }

    @Override
    public String toString() {
        return "TaskToken[…]";
    }
}
