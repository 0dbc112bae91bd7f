package dev.orderflow.operations.redrive;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// What a redrive, a discard or a dismissal would do with each item, as an operator was shown it.
/// It is stored, so that the result can be compared with it.
///
/// @param target the dead-letter queue, or [RedriveTask#WORKFLOWS]
/// @param force as in [RedriveTask]
/// @param state whether it has all items
/// @param note why it failed; empty when it did not
/// @param indexedAt when the queue was scanned, if the plan was made from the index of dead letters
/// @param changedAt when the last items were added
/// @param complete whether all items of the target were read; if not, the redrive may process more
///     items than the plan has
/// @param operator the subject of the operator who planned it
/// @param operatorName the name of the operator at that time
/// @param selected how many items are selected
/// @param counts how many items have each planned action
/// @param items the first selected items, [#MAX_ITEMS] at most
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
        RedrivePlanState state,
        Optional<String> note,
        Optional<Instant> indexedAt,
        Instant changedAt,
        int selected,
        Map<PlannedAction, Integer> counts,
        List<PlannedItem> items) {

    /// The most items that are read of a plan.
    public static final int MAX_ITEMS = 500;

    /// After this time without another item the instance that makes the plan has died.
    private static final Duration STALLED = Duration.ofMinutes(2);

    /// Whether a plan has all items.
    public enum RedrivePlanState {
        /// Items are added.
        PLANNING,
        /// It has all items.
        READY,
        /// It could not be finished.
        FAILED
    }

    public RedrivePlan {
        items = List.copyOf(items);
        counts = Collections.unmodifiableMap(new TreeMap<>(counts));
    }

    /// Whether it has all items, so that it can be run.
    public boolean isReady() {
        return state == RedrivePlanState.READY;
    }

    /// Whether it gets no more items.
    public boolean hasFailed(Instant now) {
        return state == RedrivePlanState.FAILED
                || (state == RedrivePlanState.PLANNING
                        && Duration.between(changedAt, now).compareTo(STALLED) > 0);
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
}
