package dev.orderflow.operations.redrive;

import java.util.Collection;
import java.util.List;

/// The dead letters or failed executions that an operator selected.
public sealed interface RedriveSelection {

    /// All items of the target.
    record AllItems() implements RedriveSelection {}

    /// The items that failed in the same way.
    ///
    /// @param group the fingerprint of dead letters, or the failed state and error of executions
    record ItemGroup(String group) implements RedriveSelection {}

    /// The items with these ids.
    ///
    /// @param ids message ids, or names of executions
    record NamedItems(List<String> ids) implements RedriveSelection {

        public NamedItems {
            ids = List.copyOf(ids);
        }
    }

    /// Whether an item is selected.
    default boolean includes(String id, String group) {
        return switch (this) {
            case AllItems _ -> true;
            case ItemGroup(var selected) -> selected.equals(group);
            case NamedItems(var ids) -> ids.contains(id);
        };
    }

    /// The ids that were selected by name and are not among the given ones.
    default List<String> findMissing(Collection<String> found) {
        return this instanceof NamedItems(var ids)
                ? ids.stream().filter(id -> !found.contains(id)).toList()
                : List.of();
    }

    /// The selection as text for the audit trail.
    default String describe() {
        return switch (this) {
            case AllItems _ -> "all";
            case ItemGroup(var group) -> "group=" + group;
            case NamedItems(var ids) -> "ids=" + String.join(",", ids);
        };
    }
}
