package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.text.UuidFormat;
import dev.orderflow.operations.orders.OrderSnapshotClient;
import dev.orderflow.operations.redrive.PlannedAction;
import dev.orderflow.operations.redrive.RedrivePlan;
import dev.orderflow.operations.redrive.RedrivePlans;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveTask;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Plans redrives and discards of dead letters, for the preview of a dry run.
@Component
public class DeadLetterPlanner {

    private final DeadLetterQueues queues;
    private final OrderSnapshotClient orders;
    private final RedrivePlans plans;
    private final MessageEdits edits;

    DeadLetterPlanner(
            DeadLetterQueues queues,
            OrderSnapshotClient orders,
            RedrivePlans plans,
            MessageEdits edits) {
        this.edits = edits;
        this.queues = queues;
        this.orders = orders;
        this.plans = plans;
    }

    /// What a redrive or a discard would do.
    ///
    /// @param complete whether all messages of the queue were read
    /// @param received how many messages were read
    /// @param selected how many of them are selected
    /// @param plannedActions how many of them would be redriven, skipped, blocked or discarded
    public record DeadLetterPlan(
            String queue,
            boolean complete,
            int received,
            int selected,
            Map<PlannedAction, Integer> plannedActions,
            List<RedriveStep> steps) {}

    /// What a redrive or a discard would do with one message.
    ///
    /// @param orderState the current state of its order, as text for operators
    public record RedriveStep(
            String messageId,
            Optional<String> orderId,
            String type,
            String orderState,
            RedriveAssessment assessment,
            PlannedAction plannedAction) {

        RedrivePlan.PlannedItem toPlannedItem() {
            return new RedrivePlan.PlannedItem(
                    messageId,
                    orderId.flatMap(UuidFormat::parse),
                    type,
                    orderState,
                    plannedAction,
                    assessment.description());
        }
    }

    /// Returns what the task would do now, and changes nothing.
    public DeadLetterPlan plan(
            String queue,
            RedriveTask.RedriveAction action,
            RedriveSelection selection,
            boolean force) {
        boolean complete;
        int count;
        List<DeadLetter> selected;
        try (var received = queues.receive(queue)) {
            complete = received.isComplete();
            count = received.messages().size();
            selected = received.select(selection);
        }
        // The messages are visible again before order-service is called, which may take a while.
        var snapshots = orders.cachingFinder();
        var edited = edits.find(queue, selected);
        var steps =
                selected.stream()
                        .map(
                                message ->
                                        step(
                                                AssessedDeadLetter.of(
                                                        message,
                                                        snapshots,
                                                        Optional.ofNullable(
                                                                edited.get(message.id()))),
                                                action,
                                                force))
                        .toList();
        var plannedActions = new EnumMap<PlannedAction, Integer>(PlannedAction.class);
        steps.forEach(step -> plannedActions.merge(step.plannedAction(), 1, Integer::sum));
        return new DeadLetterPlan(queue, complete, count, selected.size(), plannedActions, steps);
    }

    /// Stores what was shown to an operator, so that the redrive can be compared with it.
    public RedrivePlan store(
            DeadLetterPlan plan,
            RedriveTask.RedriveAction action,
            RedriveSelection selection,
            boolean force,
            Operator operator) {
        return plans.store(
                plan.queue(),
                action,
                selection,
                force,
                plan.complete(),
                operator,
                plan.steps().stream().map(RedriveStep::toPlannedItem).toList());
    }

    private static RedriveStep step(
            AssessedDeadLetter assessed, RedriveTask.RedriveAction action, boolean force) {
        var message = assessed.message();
        var assessment = assessed.assessment();
        return new RedriveStep(
                message.id(),
                message.contents().orderId().map(Object::toString),
                message.contents().type(),
                assessed.orderState(),
                assessment,
                action == RedriveTask.RedriveAction.DISCARD
                        ? PlannedAction.DISCARDED
                        : assessment.plannedAction(force));
    }
}
