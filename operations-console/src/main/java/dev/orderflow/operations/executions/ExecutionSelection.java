package dev.orderflow.operations.executions;

import java.util.List;

/// Which failed executions are meant.
public sealed interface ExecutionSelection {

    /// Every one.
    record AllExecutions() implements ExecutionSelection {}

    /// Those that failed in one state with one error.
    record FailureGroup(String name) implements ExecutionSelection {}

    /// These, by name.
    record NamedExecutions(List<String> names) implements ExecutionSelection {

        public NamedExecutions {
            names = List.copyOf(names);
        }
    }

    /// In words, for the record.
    default String describe() {
        return switch (this) {
            case AllExecutions _ -> "all";
            case FailureGroup(var name) -> "group=" + name;
            case NamedExecutions(var names) -> "executions=" + String.join(",", names);
        };
    }
}
