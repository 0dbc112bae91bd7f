package dev.orderflow.operations.bulkactions;

import dev.orderflow.defaults.confirmations.WaitingAction;
import dev.orderflow.defaults.confirmations.WaitingActions;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.deadletters.DeadLetterPlanner;
import dev.orderflow.operations.deadletters.DeadLetterRedriveService;
import dev.orderflow.operations.executions.FailedExecutionService;
import dev.orderflow.operations.redrive.Redrive;
import dev.orderflow.operations.redrive.RedrivePlan;
import dev.orderflow.operations.redrive.RedrivePlans;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveTask;
import java.util.Optional;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/// Plans and starts redrives, discards and dismissals: small ones at once, large and forced ones
/// after a second person has confirmed them.
@Service
@EnableConfigurationProperties(SecondPersonProperties.class)
public class BulkActionService {

    /// The name of the action that waits for a second person.
    public static final String ACTION = "redrive";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DeadLetterPlanner planner;
    private final DeadLetterRedriveService deadLetters;
    private final FailedExecutionService executions;
    private final RedrivePlans plans;
    private final WaitingActions waiting;
    private final AuditTrail auditTrail;
    private final SecondPersonProperties properties;

    BulkActionService(
            DeadLetterPlanner planner,
            DeadLetterRedriveService deadLetters,
            FailedExecutionService executions,
            RedrivePlans plans,
            WaitingActions waiting,
            AuditTrail auditTrail,
            SecondPersonProperties properties) {
        this.planner = planner;
        this.deadLetters = deadLetters;
        this.executions = executions;
        this.plans = plans;
        this.waiting = waiting;
        this.auditTrail = auditTrail;
        this.properties = properties;
    }

    /// The result of [#start].
    public sealed interface BulkActionResult {

        /// It runs in the background.
        record ActionStarted(Redrive redrive) implements BulkActionResult {}

        /// Nothing was done yet: a second person must confirm it.
        record ActionWaiting(WaitingAction action) implements BulkActionResult {}

        /// Nothing was done: another redrive is running on the same target.
        record TargetBusy(Redrive other) implements BulkActionResult {}
    }

    /// Returns a stored plan, if it is ready and one of this target and action.
    public Optional<RedrivePlan> findPlan(
            UUID planId, String target, RedriveTask.RedriveAction action) {
        return plans.find(planId)
                .filter(
                        plan ->
                                plan.target().equals(target)
                                        && plan.action() == action
                                        && plan.isReady());
    }

    /// Stores what a redrive, a discard or a dismissal would do now, and changes nothing. A plan of
    /// many dead letters is not ready yet.
    public RedrivePlan plan(
            String target,
            RedriveTask.RedriveAction action,
            RedriveSelection selection,
            boolean force,
            Operator operator) {
        if (!target.equals(RedriveTask.WORKFLOWS)) {
            return planner.begin(target, action, selection, force, operator);
        }
        return executions.store(
                executions.plan(action, selection, force), action, selection, force, operator);
    }

    /// Starts a task, or stores it until a second person confirms it.
    public BulkActionResult start(RedriveTask task) {
        return isLarge(task) ? store(task) : startConfirmed(task);
    }

    private boolean isLarge(RedriveTask task) {
        if (task.force()
                || (task.action() == RedriveTask.RedriveAction.EDIT && properties.edits())) {
            return true;
        }
        int largest =
                task.selection() instanceof RedriveSelection.NamedItems(var ids)
                        ? ids.size()
                        : Integer.MAX_VALUE;
        return largest > properties.maxItems() && countSelected(task) > properties.maxItems();
    }

    /// A redrive goes on behind what one plan reads, so an incomplete plan counts as many.
    private int countSelected(RedriveTask task) {
        if (task.target().equals(RedriveTask.WORKFLOWS)) {
            return executions.countSelected(task.selection());
        }
        return planner.countSelected(task.target(), task.selection());
    }

    private BulkActionResult store(RedriveTask task) {
        var description =
                "%s %s of %s%s%s: %s"
                        .formatted(
                                task.action(),
                                task.selection().describe(),
                                task.target(),
                                task.force() ? " with force" : "",
                                task.changes().isEmpty() ? "" : " to " + task.changes(),
                                task.reason());
        var stored =
                waiting.store(
                        task.id(),
                        ACTION,
                        task.target(),
                        description,
                        JSON.writeValueAsString(WaitingTask.of(task)),
                        task.operator());
        if (stored.id().equals(task.id())) {
            auditTrail.record(
                    task.operator(),
                    task.action() + "_WAITING",
                    task.target(),
                    task.reason(),
                    "waitingAction=" + task.id());
        }
        return new BulkActionResult.ActionWaiting(stored);
    }

    /// Starts an action that a second person has confirmed. Repeated with the same action, it has
    /// no further effect.
    public BulkActionResult execute(WaitingAction action) {
        var task =
                JSON.readValue(action.request(), WaitingTask.class)
                        .toTask(action.id(), action.requester());
        auditTrail.record(
                action.confirmer(),
                task.action() + "_CONFIRMED",
                task.target(),
                task.reason(),
                "waitingAction=" + action.id());
        var result = startConfirmed(task);
        if (result instanceof BulkActionResult.TargetBusy) {
            auditTrail.record(
                    action.confirmer(),
                    task.action() + "_REFUSED",
                    task.target(),
                    "another redrive is running",
                    "waitingAction=" + action.id());
        }
        return result;
    }

    private BulkActionResult startConfirmed(RedriveTask task) {
        var result =
                task.target().equals(RedriveTask.WORKFLOWS)
                        ? executions.start(task)
                        : deadLetters.start(task);
        return switch (result) {
            case RedriveService.StartResult.RedriveStarted(var redrive) ->
                    new BulkActionResult.ActionStarted(redrive);
            case RedriveService.StartResult.RedriveInProgress(var other) ->
                    new BulkActionResult.TargetBusy(other);
        };
    }
}
