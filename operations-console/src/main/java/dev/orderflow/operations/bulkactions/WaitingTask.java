package dev.orderflow.operations.bulkactions;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.redrive.RedriveTask;
import dev.orderflow.operations.redrive.StoredSelection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A task as it is stored until a second person confirms it.
record WaitingTask(
        RedriveTask.RedriveAction action,
        String target,
        StoredSelection selection,
        String reason,
        int perSecond,
        boolean canary,
        boolean force,
        @Nullable UUID planId,
        Map<String, String> changes) {

    static WaitingTask of(RedriveTask task) {
        return new WaitingTask(
                task.action(),
                task.target(),
                StoredSelection.of(task.selection()),
                task.reason(),
                task.perSecond(),
                task.canary(),
                task.force(),
                task.planId().orElse(null),
                task.changes());
    }

    RedriveTask toTask(UUID id, Operator operator) {
        return new RedriveTask(
                id,
                action,
                target,
                selection.toSelection(),
                operator,
                reason,
                perSecond,
                canary,
                force,
                Optional.ofNullable(planId),
                changes);
    }
}
