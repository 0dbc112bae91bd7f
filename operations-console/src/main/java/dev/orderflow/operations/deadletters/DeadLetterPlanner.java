package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.text.UuidFormat;
import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.operations.deadletters.DeadLetterIndex.IndexedDeadLetter;
import dev.orderflow.operations.deadletters.DeadLetterIndex.ScanState;
import dev.orderflow.operations.orders.OrderSnapshot;
import dev.orderflow.operations.orders.OrderSnapshotClient;
import dev.orderflow.operations.redrive.PlannedAction;
import dev.orderflow.operations.redrive.RedrivePlan;
import dev.orderflow.operations.redrive.RedrivePlans;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/// Plans redrives and discards of dead letters, for the preview of a dry run.
///
/// A queue with few messages is read itself. Of a larger one, which would take minutes and hide its
/// messages meanwhile, the [DeadLetterIndex] is read: it has all messages as of the last scan.
@Component
public class DeadLetterPlanner implements DisposableBean {

    /// The most steps of a [DeadLetterPlan]; its counts are about all messages.
    public static final int MAX_STEPS = 500;

    private static final Logger log = LoggerFactory.getLogger(DeadLetterPlanner.class);
    private static final int PAGE = 1_000;

    private final DeadLetterQueues queues;
    private final DeadLetterProperties properties;
    private final DeadLetterIndex index;
    private final OrderSnapshotClient orders;
    private final RedrivePlans plans;
    private final MessageEdits edits;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    DeadLetterPlanner(
            DeadLetterQueues queues,
            DeadLetterProperties properties,
            DeadLetterIndex index,
            OrderSnapshotClient orders,
            RedrivePlans plans,
            MessageEdits edits) {
        this.properties = properties;
        this.index = index;
        this.edits = edits;
        this.queues = queues;
        this.orders = orders;
        this.plans = plans;
    }

    /// What a redrive or a discard would do.
    ///
    /// @param id of the stored plan
    /// @param complete whether all messages of the queue were read
    /// @param received how many messages were read
    /// @param selected how many of them are selected
    /// @param plannedActions how many of them would be redriven, skipped, blocked or discarded
    /// @param steps the first selected messages, [#MAX_STEPS] at most
    public record DeadLetterPlan(
            UUID id,
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

    /// A selected message.
    ///
    /// @param consumer the queue that it is redriven to; empty when there is none
    private record PlanCandidate(
            String id, RedactedContents contents, Optional<ConsumerQueue> consumer) {}

    /// What is read for a plan.
    ///
    /// @param received how many messages there are
    /// @param indexedAt when the queue was scanned from whose index the messages come; empty when
    ///     they come from the queue
    /// @param candidates the selected messages of the queue; empty when the index is read
    private record PlanInput(
            boolean complete,
            int received,
            Optional<Instant> indexedAt,
            List<PlanCandidate> candidates) {}

    /// Stores what the task would do now, and changes no message.
    public DeadLetterPlan plan(
            String queue,
            RedriveTask.RedriveAction action,
            RedriveSelection selection,
            boolean force,
            Operator operator) {
        var input = read(queue, selection);
        var id = plans.begin(queue, action, selection, force, input.indexedAt(), operator);
        var steps = new ArrayList<RedriveStep>();
        var plannedActions = new EnumMap<PlannedAction, Integer>(PlannedAction.class);
        addAll(
                id,
                input,
                queue,
                action,
                selection,
                force,
                page ->
                        page.forEach(
                                step -> {
                                    plannedActions.merge(step.plannedAction(), 1, Integer::sum);
                                    if (steps.size() < MAX_STEPS) {
                                        steps.add(step);
                                    }
                                }));
        return new DeadLetterPlan(
                id,
                queue,
                input.complete(),
                input.received(),
                plannedActions.values().stream().mapToInt(Integer::intValue).sum(),
                plannedActions,
                steps);
    }

    /// As [#plan], but returns as soon as a part is stored. A plan of many messages grows in the
    /// background.
    public RedrivePlan begin(
            String queue,
            RedriveTask.RedriveAction action,
            RedriveSelection selection,
            boolean force,
            Operator operator) {
        var input = read(queue, selection);
        var id = plans.begin(queue, action, selection, force, input.indexedAt(), operator);
        if (input.indexedAt().isEmpty()) {
            addAll(id, input, queue, action, selection, force, _ -> {});
        } else {
            threads.execute(
                    () -> {
                        try {
                            addAll(id, input, queue, action, selection, force, _ -> {});
                        } catch (RuntimeException failure) {
                            log.warn("plan {} failed", id, RedactedException.of(failure));
                        }
                    });
        }
        return plans.find(id).orElseThrow();
    }

    /// How many messages a selection has now, at most: messages that came since the last scan count
    /// as selected, and a queue that was never scanned to its end counts as many.
    public int countSelected(String queue, RedriveSelection selection) {
        var input = read(queue, selection);
        if (!input.complete()) {
            return Integer.MAX_VALUE;
        }
        return input.indexedAt().isEmpty()
                ? input.candidates().size()
                : index.count(toFilter(queue, selection))
                        + Math.max(0, queues.depth(queue).total() - input.received());
    }

    private PlanInput read(String queue, RedriveSelection selection) {
        boolean complete;
        int received;
        List<PlanCandidate> candidates;
        try (var messages = queues.receive(queue)) {
            complete = messages.isComplete();
            received = messages.messages().size();
            candidates =
                    messages.select(selection).stream()
                            .map(
                                    message ->
                                            new PlanCandidate(
                                                    message.id(),
                                                    message.contents(),
                                                    message.consumer()))
                            .toList();
        }
        if (complete || selection instanceof RedriveSelection.NamedItems) {
            return new PlanInput(complete, received, Optional.empty(), candidates);
        }
        return index.scans().stream()
                .filter(scan -> scan.queue().equals(queue) && scan.completeAt().isPresent())
                .findFirst()
                .map(DeadLetterPlanner::toInput)
                .orElseGet(() -> new PlanInput(false, received, Optional.empty(), candidates));
    }

    private static PlanInput toInput(ScanState scan) {
        return new PlanInput(
                scan.problem().isEmpty(), scan.messages(), scan.completeAt(), List.of());
    }

    /// Adds all selected messages to a stored plan, a page at a time, and ends it.
    private void addAll(
            UUID id,
            PlanInput input,
            String queue,
            RedriveTask.RedriveAction action,
            RedriveSelection selection,
            boolean force,
            Consumer<List<RedriveStep>> listener) {
        try {
            forEachPage(
                    input,
                    queue,
                    selection,
                    page -> {
                        var steps = toSteps(queue, page, action, force);
                        plans.add(id, steps.stream().map(RedriveStep::toPlannedItem).toList());
                        listener.accept(steps);
                    });
            plans.end(id, input.complete());
        } catch (RuntimeException failure) {
            plans.fail(id, "the plan could not be finished; make a new one");
            throw failure;
        }
    }

    private void forEachPage(
            PlanInput input,
            String queue,
            RedriveSelection selection,
            Consumer<List<PlanCandidate>> sink) {
        if (input.indexedAt().isEmpty()) {
            sink.accept(input.candidates());
            return;
        }
        var filter = toFilter(queue, selection);
        var after = Optional.<DeadLetterFilter.Position>empty();
        while (true) {
            var page = index.search(filter, after, PAGE);
            if (!page.isEmpty()) {
                sink.accept(page.stream().map(this::toCandidate).toList());
            }
            if (page.size() < PAGE) {
                return;
            }
            after = Optional.of(DeadLetterFilter.Position.of(page.getLast()));
        }
    }

    private PlanCandidate toCandidate(IndexedDeadLetter letter) {
        return new PlanCandidate(
                letter.messageId(),
                RedactedContents.of(letter.orderId(), letter.type()),
                letter.targetQueue().flatMap(properties::consumerOf));
    }

    private static DeadLetterFilter toFilter(String queue, RedriveSelection selection) {
        return switch (selection) {
            case RedriveSelection.AllItems _ -> DeadLetterFilter.ofQueue(queue);
            case RedriveSelection.ItemGroup(var group) ->
                    DeadLetterFilter.ofQueue(queue).withFingerprint(group);
            case RedriveSelection.MatchingItems(
                            var type,
                            var reason,
                            var orderId,
                            var sentBefore) ->
                    new DeadLetterFilter(
                            orderId,
                            Optional.of(queue),
                            type,
                            Optional.empty(),
                            reason,
                            sentBefore,
                            Optional.empty());
            case RedriveSelection.NamedItems _ ->
                    throw new IllegalArgumentException("named messages are read from their queue");
        };
    }

    private List<RedriveStep> toSteps(
            String queue,
            List<PlanCandidate> candidates,
            RedriveTask.RedriveAction action,
            boolean force) {
        var snapshots =
                orders.findAll(
                        candidates.stream()
                                .flatMap(it -> it.contents().orderId().stream())
                                .toList());
        var edited = edits.findByIds(queue, candidates.stream().map(PlanCandidate::id).toList());
        return candidates.stream()
                .map(
                        candidate ->
                                toStep(
                                        candidate,
                                        snapshots,
                                        Optional.ofNullable(edited.get(candidate.id())),
                                        action,
                                        force))
                .toList();
    }

    private static RedriveStep toStep(
            PlanCandidate candidate,
            Map<UUID, OrderSnapshot> snapshots,
            Optional<MessageEdits.MessageEdit> edit,
            RedriveTask.RedriveAction action,
            boolean force) {
        var orderId = candidate.contents().orderId();
        var order =
                orderId.map(id -> AssessedDeadLetter.in(snapshots, id))
                        .orElseGet(OrderSnapshot.OrderServiceUnavailable::new);
        var assessment =
                AssessedDeadLetter.assess(candidate.contents(), candidate.consumer(), order, edit);
        return new RedriveStep(
                candidate.id(),
                orderId.map(Object::toString),
                candidate.contents().type(),
                orderId.isEmpty() ? "-" : order.label(),
                assessment,
                action == RedriveTask.RedriveAction.DISCARD
                        ? PlannedAction.DISCARDED
                        : assessment.plannedAction(force));
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
