package dev.orderflow.operations.redrive;

import dev.orderflow.defaults.operators.Operator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The part of a task that has no column of its own, as JSON in the table of redrives.
record StoredRedriveTask(
        int perSecond,
        boolean canary,
        boolean force,
        StoredSelection selection,
        @Nullable Map<String, String> changes) {

    static String write(RedriveTask task) {
        return JsonMapper.shared()
                .writeValueAsString(
                        new StoredRedriveTask(
                                task.perSecond(),
                                task.canary(),
                                task.force(),
                                StoredSelection.of(task.selection()),
                                task.changes()));
    }

    static StoredRedriveTask read(String json) {
        return JsonMapper.shared().readValue(json, StoredRedriveTask.class);
    }

    RedriveTask toTask(Redrive redrive) {
        return new RedriveTask(
                redrive.id(),
                redrive.action(),
                redrive.target(),
                selection.toSelection(),
                // Whether the operator still has the role does not matter: the redrive was
                // permitted.
                new Operator(redrive.operator(), redrive.operatorName(), Set.of()),
                redrive.reason(),
                perSecond,
                canary,
                force,
                redrive.planId(),
                changes == null ? Map.of() : changes);
    }
}
