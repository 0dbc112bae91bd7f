package dev.orderflow.defaults.problem;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a value of ours refused, in its own words: the only ones of an exception that a caller is
/// told.
///
/// @param name of the value
/// @param rule what it must be
record InvalidValueMessage(String name, String rule) {

    private static final String OURS = "dev.orderflow.";

    /// Finds it behind what others wrapped it in. It is an `IllegalArgumentException` of a type of
    /// ours, `InvalidValueException` of the contracts, which says the name and then the rule. Those
    /// of the JDK and of libraries say something else.
    static Optional<InvalidValueMessage> find(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException
                    && cause.getClass().getName().startsWith(OURS)
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
