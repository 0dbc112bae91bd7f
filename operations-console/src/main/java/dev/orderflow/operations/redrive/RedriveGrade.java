package dev.orderflow.operations.redrive;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The results of the items of a redrive, compared with its plan.
///
/// @param planId the plan; empty when the redrive was started without one
/// @param planned how many items the plan has
/// @param asPredicted how many of them did what the plan said
/// @param different how many of them did something else
/// @param open of how many of them it is not known yet
/// @param notPlanned how many items were processed that the plan does not have
/// @param groups the items, by prediction and result
public record RedriveGrade(
        Optional<UUID> planId,
        int planned,
        int asPredicted,
        int different,
        int open,
        int notPlanned,
        List<GradeGroup> groups) {

    public RedriveGrade {
        groups = List.copyOf(groups);
    }

    /// Items with the same prediction and the same result.
    ///
    /// @param predicted empty when the plan does not have them
    /// @param ids the first 20 ids of messages or names of executions
    public record GradeGroup(
            Optional<PlannedAction> predicted, ItemResult result, int count, List<String> ids) {

        public GradeGroup {
            ids = List.copyOf(ids);
        }

        /// Whether the result is what was predicted; false as long as it is open.
        public boolean isAsPredicted() {
            return predicted.map(result::confirms).orElse(false);
        }
    }

    static RedriveGrade of(Optional<UUID> planId, List<GradeGroup> groups) {
        int planned = 0;
        int asPredicted = 0;
        int open = 0;
        int notPlanned = 0;
        for (var group : groups) {
            if (group.predicted().isEmpty()) {
                notPlanned += group.count();
                continue;
            }
            planned += group.count();
            if (group.result().isOpen()) {
                open += group.count();
            } else if (group.isAsPredicted()) {
                asPredicted += group.count();
            }
        }
        return new RedriveGrade(
                planId,
                planned,
                asPredicted,
                planned - asPredicted - open,
                open,
                notPlanned,
                groups);
    }
}
