package dev.orderflow.operations.deadletters;

import java.util.List;

/// Which messages are meant.
public sealed interface Selection {

    /// Every one.
    record All() implements Selection {}

    /// Those that failed alike.
    record Alike(String fingerprint) implements Selection {}

    /// These.
    record These(List<String> messageIds) implements Selection {

        public These {
            messageIds = List.copyOf(messageIds);
        }
    }

    /// In words, for the record.
    default String inWords() {
        return switch (this) {
            case All _ -> "all";
            case Alike(var fingerprint) -> "fingerprint=" + fingerprint;
            case These(var ids) -> "messages=" + String.join(",", ids);
        };
    }
}
