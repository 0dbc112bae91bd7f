package dev.orderflow.operations.redrive;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.operations.redrive.RedriveSelection.AllItems;
import dev.orderflow.operations.redrive.RedriveSelection.ItemGroup;
import dev.orderflow.operations.redrive.RedriveSelection.MatchingItems;
import dev.orderflow.operations.redrive.RedriveSelection.NamedItems;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A selection as JSON, wherever a task is stored. Exactly one component is set, so that a
/// selection that cannot be read never becomes one of all items.
///
/// @param all true, or null
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoredSelection(
        @Nullable Boolean all,
        @Nullable String group,
        @Nullable List<String> ids,
        @Nullable MatchingFields matching) {

    /// The filter of a selection.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MatchingFields(
            @Nullable String type,
            @Nullable String reasonPrefix,
            @Nullable UUID orderId,
            @Nullable Instant sentBefore) {}

    /// The stored form of a selection.
    public static StoredSelection of(RedriveSelection selection) {
        return switch (selection) {
            case AllItems _ -> new StoredSelection(true, null, null, null);
            case ItemGroup(var group) -> new StoredSelection(null, group, null, null);
            case NamedItems(var ids) -> new StoredSelection(null, null, ids, null);
            case MatchingItems(var type, var reason, var orderId, var sentBefore) ->
                    new StoredSelection(
                            null,
                            null,
                            null,
                            new MatchingFields(
                                    type.orElse(null),
                                    reason.orElse(null),
                                    orderId.orElse(null),
                                    sentBefore.orElse(null)));
        };
    }

    /// The selection that was stored.
    ///
    /// @throws IllegalStateException when there is none
    public RedriveSelection toSelection() {
        if (group != null) {
            return new ItemGroup(group);
        }
        if (ids != null) {
            return new NamedItems(ids);
        }
        if (matching != null) {
            return new MatchingItems(
                    Optional.ofNullable(matching.type()),
                    Optional.ofNullable(matching.reasonPrefix()),
                    Optional.ofNullable(matching.orderId()),
                    Optional.ofNullable(matching.sentBefore()));
        }
        if (Boolean.TRUE.equals(all)) {
            return new AllItems();
        }
        throw new IllegalStateException("the stored task has no selection");
    }
}
