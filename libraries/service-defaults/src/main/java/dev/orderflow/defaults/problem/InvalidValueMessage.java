package dev.orderflow.defaults.problem;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The message of an invalid value, which is the only exception message that callers see.
///
/// @param name the name of the value
/// @param rule what the value must be
record InvalidValueMessage(String name, String rule) {

    private static final String PROJECT_PACKAGE = "dev.orderflow.";

    /// Finds the message among the causes of a failure. It is that of an `IllegalArgumentException`
    /// of this project, the `InvalidValueException` of the contracts, which consists of the name
    /// and the rule. Messages of the JDK and of libraries are not returned.
    static Optional<InvalidValueMessage> find(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException
                    && cause.getClass().getName().startsWith(PROJECT_PACKAGE)
                    && cause.getMessage() != null) {
                var words = cause.getMessage().split(" ", 2);
                if (words.length == 2) {
                    return Optional.of(new InvalidValueMessage(words[0], words[1]));
                }
            }
        }
        return Optional.empty();
    }
}
