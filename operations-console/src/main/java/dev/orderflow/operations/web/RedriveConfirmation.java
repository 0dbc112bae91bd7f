package dev.orderflow.operations.web;

import dev.orderflow.defaults.confirmations.ConfirmableAction;
import dev.orderflow.defaults.confirmations.WaitingAction;
import dev.orderflow.defaults.confirmations.WaitingActions;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.deadletters.DeadLetterRedriveService;
import dev.orderflow.operations.executions.FailedExecutionService;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveTask;
import dev.orderflow.operations.redrive.StoredSelection;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Starts redrives, discards and dismissals: small ones at once, large and forced ones after a
/// second person has confirmed them.
@Component
@EnableConfigurationProperties(SecondPersonProperties.class)
class RedriveConfirmation implements ConfirmableAction {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DeadLetterRedriveService deadLetters;
    private final FailedExecutionService executions;
    private final WaitingActions waiting;
    private final AuditTrail auditTrail;
    private final SecondPersonProperties properties;

    RedriveConfirmation(
            DeadLetterRedriveService deadLetters,
            FailedExecutionService executions,
            WaitingActions waiting,
            AuditTrail auditTrail,
            SecondPersonProperties properties) {
        this.deadLetters = deadLetters;
        this.executions = executions;
        this.waiting = waiting;
        this.auditTrail = auditTrail;
        this.properties = properties;
    }

    /// A task as it is stored.
    record StoredTask(
            RedriveTask.RedriveAction action,
            String target,
            StoredSelection selection,
            String reason,
            int perSecond,
            boolean canary,
            boolean force) {

        static StoredTask of(RedriveTask task) {
            return new StoredTask(
                    task.action(),
                    task.target(),
                    StoredSelection.of(task.selection()),
                    task.reason(),
                    task.perSecond(),
                    task.canary(),
                    task.force());
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
                    force);
        }
    }

    @Override
    public String name() {
        return "redrive";
    }

    /// Starts a task, or stores it until a second person confirms it.
    ///
    /// @param selected counts the selected items; they are not counted when that makes no
    ///     difference
    ResponseEntity<?> startOrStore(RedriveTask task, IntSupplier selected) {
        if (!isLarge(task, selected)) {
            return RedriveBody.respond(start(task));
        }
        var description =
                "%s %s of %s%s: %s"
                        .formatted(
                                task.action(),
                                task.selection().describe(),
                                task.target(),
                                task.force() ? " with force" : "",
                                task.reason());
        var stored =
                waiting.store(
                        task.id(),
                        name(),
                        task.target(),
                        description,
                        JSON.writeValueAsString(StoredTask.of(task)),
                        task.operator());
        if (stored.id().equals(task.id())) {
            auditTrail.record(
                    task.operator(),
                    task.action() + "_WAITING",
                    task.target(),
                    task.reason(),
                    "waitingAction=" + task.id());
        }
        return WaitingActions.respond(stored);
    }

    private boolean isLarge(RedriveTask task, IntSupplier selected) {
        if (task.force()) {
            return true;
        }
        int largest =
                task.selection() instanceof RedriveSelection.NamedItems(var ids)
                        ? ids.size()
                        : Integer.MAX_VALUE;
        return largest > properties.maxItems() && selected.getAsInt() > properties.maxItems();
    }

    @Override
    public ResponseEntity<?> execute(WaitingAction action) {
        var task =
                JSON.readValue(action.request(), StoredTask.class)
                        .toTask(action.id(), action.requester());
        auditTrail.record(
                action.confirmer(),
                task.action() + "_CONFIRMED",
                task.target(),
                task.reason(),
                "waitingAction=" + action.id());
        return RedriveBody.respond(start(task));
    }

    private RedriveService.StartResult start(RedriveTask task) {
        if (!task.target().equals(RedriveTask.WORKFLOWS)) {
            return deadLetters.start(task);
        }
        return task.action() == RedriveTask.RedriveAction.DISMISS
                ? executions.dismiss(task)
                : executions.start(task);
    }
}
