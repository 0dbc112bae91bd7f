package dev.orderflow.operations.executions;

import java.util.List;

/// Which failed executions are meant.
public sealed interface Chosen {

    /// Every one.
    record All() implements Chosen {}

    /// Those that failed in one state with one error.
    record Group(String name) implements Chosen {}

    /// These, by name.
    record Named(List<String> names) implements Chosen {

        public Named {
            names = List.copyOf(names);
        }
    }

    /// In words, for the record.
    default String inWords() {
        return switch (this) {
            case All _ -> "all";
            case Group(var name) -> "group=" + name;
            case Named(var names) -> "executions=" + String.join(",", names);
        };
    }
}
