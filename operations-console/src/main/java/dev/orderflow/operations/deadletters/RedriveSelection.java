package dev.orderflow.operations.deadletters;

import java.util.List;

/// Which messages are meant.
public sealed interface RedriveSelection {

    /// Every one.
    record AllMessages() implements RedriveSelection {}

    /// Those that failed alike.
    record SameCause(String fingerprint) implements RedriveSelection {}

    /// These.
    record ChosenMessages(List<String> messageIds) implements RedriveSelection {

        public ChosenMessages {
            messageIds = List.copyOf(messageIds);
        }
    }

    /// In words, for the record.
    default String describe() {
        return switch (this) {
            case AllMessages _ -> "all";
            case SameCause(var fingerprint) -> "fingerprint=" + fingerprint;
            case ChosenMessages(var ids) -> "messages=" + String.join(",", ids);
        };
    }
}
