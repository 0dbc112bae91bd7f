package dev.orderflow.operations.redrive;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What a redrive, a discard or a dismissal would do with each item, as an operator was shown it.
/// It is stored, so that the result can be compared with it.
///
/// @param target the dead-letter queue, or [RedriveTask#WORKFLOWS]
/// @param force as in [RedriveTask]
/// @param complete whether all items of the target were read; if not, the redrive may process more
///     items than the plan has
/// @param operator the subject of the operator who planned it
/// @param operatorName the name of the operator at that time
/// @param items the selected items
public record RedrivePlan(
        UUID id,
        String target,
        RedriveTask.RedriveAction action,
        RedriveSelection selection,
        boolean force,
        boolean complete,
        String operator,
        String operatorName,
        Instant plannedAt,
        List<PlannedItem> items) {

    public RedrivePlan {
        items = List.copyOf(items);
    }

    /// What would be done with one item.
    ///
    /// @param id the id of the message or the name of the execution
    /// @param type the type of the message, or the status of the execution
    /// @param orderState the state of its order at that time, as text for operators
    /// @param explanation why, as text for operators
    public record PlannedItem(
            String id,
            Optional<UUID> orderId,
            String type,
            String orderState,
            PlannedAction plannedAction,
            String explanation) {}

    /// How many items have each planned action.
    public Map<PlannedAction, Integer> countByAction() {
        var counts = new EnumMap<PlannedAction, Integer>(PlannedAction.class);
        items.forEach(item -> counts.merge(item.plannedAction(), 1, Integer::sum));
        return counts;
    }
}
