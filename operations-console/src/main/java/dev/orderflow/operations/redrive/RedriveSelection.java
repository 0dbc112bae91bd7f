package dev.orderflow.operations.redrive;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

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

    /// The items that match everything that is present.
    ///
    /// @param reasonPrefix how the reason begins, in either case
    /// @param sentBefore only items at least this old
    record MatchingItems(
            Optional<String> type,
            Optional<String> reasonPrefix,
            Optional<UUID> orderId,
            Optional<Instant> sentBefore)
            implements RedriveSelection {}

    /// What a selection can be about.
    ///
    /// @param group as in [ItemGroup]
    /// @param at when the message was sent, or the execution ended
    record SelectableItem(
            String id,
            String group,
            String type,
            String reason,
            Optional<UUID> orderId,
            Instant at) {}

    /// Whether an item is selected.
    default boolean includes(SelectableItem item) {
        return switch (this) {
            case AllItems _ -> true;
            case ItemGroup(var selected) -> selected.equals(item.group());
            case NamedItems(var ids) -> ids.contains(item.id());
            case MatchingItems(var type, var reason, var orderId, var sentBefore) ->
                    type.map(item.type()::equals).orElse(true)
                            && reason.map(prefix -> startsWith(item.reason(), prefix)).orElse(true)
                            && (orderId.isEmpty() || orderId.equals(item.orderId()))
                            && sentBefore.map(before -> !item.at().isAfter(before)).orElse(true);
        };
    }

    private static boolean startsWith(String text, String prefix) {
        return text.toLowerCase(Locale.ROOT).startsWith(prefix.toLowerCase(Locale.ROOT));
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
            case MatchingItems(var type, var reason, var orderId, var sentBefore) ->
                    ("filter"
                            + type.map(" type=%s"::formatted).orElse("")
                            + reason.map(" reason=%s"::formatted).orElse("")
                            + orderId.map(" order=%s"::formatted).orElse("")
                            + sentBefore.map(" sentBefore=%s"::formatted).orElse(""));
        };
    }
}
