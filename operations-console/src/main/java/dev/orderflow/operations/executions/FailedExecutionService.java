package dev.orderflow.operations.executions;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.orders.OrderSnapshot;
import dev.orderflow.operations.orders.OrderSnapshotClient;
import dev.orderflow.operations.redrive.ItemResult;
import dev.orderflow.operations.redrive.PlannedAction;
import dev.orderflow.operations.redrive.RedriveJob;
import dev.orderflow.operations.redrive.RedrivePlan;
import dev.orderflow.operations.redrive.RedrivePlans;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveStoppedException;
import dev.orderflow.operations.redrive.RedriveTask;
import dev.orderflow.operations.redrive.RedriveWorker;
import dev.orderflow.operations.redrive.RedrivenItem;
import dev.orderflow.operations.redrive.SentItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/// Lists, redrives and dismisses failed executions.
@Component
public class FailedExecutionService implements RedriveWorker {

    private static final int PAGE = 50;

    private final ExecutionsClient workflows;
    private final OrderSnapshotClient orders;
    private final ExpiredAuthorizations expiredAuthorizations;
    private final RedriveService redrives;
    private final AuditTrail auditTrail;
    private final ExecutionProperties properties;
    private final Dismissals dismissals;
    private final RedrivePlans plans;

    FailedExecutionService(
            ExecutionsClient workflows,
            OrderSnapshotClient orders,
            ExpiredAuthorizations expiredAuthorizations,
            RedriveService redrives,
            AuditTrail auditTrail,
            ExecutionProperties properties,
            Dismissals dismissals,
            RedrivePlans plans) {
        this.plans = plans;
        this.workflows = workflows;
        this.orders = orders;
        this.expiredAuthorizations = expiredAuthorizations;
        this.redrives = redrives;
        this.auditTrail = auditTrail;
        this.properties = properties;
        this.dismissals = dismissals;
    }

    /// A failed execution with the current state of its order, as text for operators.
    public record FailedExecutionView(StoppedExecution execution, String orderState) {}

    /// One page of failed executions, with the size of each group on it.
    public record FailedExecutionsPage(
            Map<String, Integer> groups,
            List<FailedExecutionView> executions,
            Optional<String> next) {

        /// A page without executions.
        public static final FailedExecutionsPage EMPTY =
                new FailedExecutionsPage(Map.of(), List.of(), Optional.empty());
    }

    /// What a redrive or a dismissal would do.
    ///
    /// @param complete whether all failed executions were read
    /// @param permitted the executions that it would redrive or dismiss
    /// @param blocked the executions that it would leave as they are, each with the reason
    /// @param missing how many names no failed execution has
    public record ExecutionPlan(
            boolean complete,
            List<FailedExecutionView> permitted,
            List<FailedExecutionView> blocked,
            int missing) {

        /// Returns how many failed executions the selection has.
        public int selected() {
            return permitted.size() + blocked.size();
        }
    }

    /// Decides whether an action is blocked. The plan of an action and the action itself ask the
    /// same one, so that a dry run says what would happen.
    private interface ExecutionBlocker {

        /// @return the reason, or empty when the action is permitted
        Optional<String> findReason(
                StoppedExecution execution, Function<UUID, OrderSnapshot> states);
    }

    /// A page of failed executions, without those that were dismissed.
    ///
    /// Step Functions lists failed, timed-out and aborted executions separately, and many may be
    /// dismissed: a page goes on until it has an execution, and has a next page only if that one
    /// has an execution, too.
    ///
    /// @param limit the most that are read at once
    /// @throws IllegalArgumentException when the cursor is invalid
    public FailedExecutionsPage page(Optional<String> cursor, int limit) {
        var listed = findListed(cursor, limit);
        var executions = describe(listed);
        var next = findNext(listed, limit);
        while (executions.isEmpty() && next.isPresent()) {
            // All were redriven after they were listed.
            listed = findListed(next, limit);
            executions = describe(listed);
            next = findNext(listed, limit);
        }
        var states = readStates(executions);
        var groups = new LinkedHashMap<String, Integer>();
        executions.forEach(execution -> groups.merge(execution.group(), 1, Integer::sum));
        return new FailedExecutionsPage(
                groups,
                expiredAuthorizations.markRefused(executions).stream()
                        .map(execution -> view(execution, states))
                        .toList(),
                next);
    }

    /// A page of the list that has an execution, or the end of the list.
    ///
    /// @param cursor where the page begins
    /// @param next where the list goes on, maybe without another execution
    private record ListedPage(
            Optional<String> cursor,
            List<ExecutionsClient.ListedExecution> executions,
            Optional<String> next) {}

    private ListedPage findListed(Optional<String> cursor, int limit) {
        var from = cursor;
        while (true) {
            var page = workflows.listStopped(from, limit);
            var listed = withoutDismissed(page.executions());
            if (!listed.isEmpty() || page.next().isEmpty()) {
                return new ListedPage(from, listed, page.next());
            }
            from = page.next();
        }
    }

    private Optional<String> findNext(ListedPage page, int limit) {
        return page.next()
                .map(next -> findListed(Optional.of(next), limit))
                .filter(next -> !next.executions().isEmpty())
                .flatMap(ListedPage::cursor);
    }

    private List<ExecutionsClient.ListedExecution> withoutDismissed(
            List<ExecutionsClient.ListedExecution> listed) {
        var dismissed = dismissals.findDismissed(listed);
        return listed.stream().filter(execution -> !dismissed.contains(execution)).toList();
    }

    /// Leaves out executions that were redriven after they were listed.
    private List<StoppedExecution> describe(ListedPage page) {
        return page.executions().stream()
                .flatMap(listed -> workflows.findStopped(listed.name()).stream())
                .toList();
    }

    /// The states of the orders of executions, read at once.
    private Function<UUID, OrderSnapshot> readStates(List<StoppedExecution> executions) {
        var states =
                orders.findAll(
                        executions.stream()
                                .flatMap(execution -> execution.orderId().stream())
                                .toList());
        return id -> states.getOrDefault(id, new OrderSnapshot.OrderServiceUnavailable());
    }

    private static FailedExecutionView view(
            StoppedExecution execution, Function<UUID, OrderSnapshot> states) {
        return new FailedExecutionView(
                execution, execution.orderId().map(states).map(OrderSnapshot::label).orElse("-"));
    }

    /// Returns what an action would do now, and changes nothing.
    public ExecutionPlan plan(
            RedriveTask.RedriveAction action, RedriveSelection selection, boolean force) {
        return action == RedriveTask.RedriveAction.DISMISS
                ? planDismissal(selection, force)
                : planRedrive(selection, force);
    }

    /// Returns how many failed executions a selection has now.
    public int countSelected(RedriveSelection selection) {
        return find(selection).executions().size();
    }

    /// Returns what a redrive would do now, and changes nothing.
    public ExecutionPlan planRedrive(RedriveSelection selection, boolean force) {
        return plan(selection, redriveBlocker(force));
    }

    /// Returns what a dismissal would do now, and changes nothing.
    public ExecutionPlan planDismissal(RedriveSelection selection, boolean force) {
        return plan(selection, dismissalBlocker(force));
    }

    private ExecutionPlan plan(RedriveSelection selection, ExecutionBlocker blocker) {
        var found = find(selection);
        var states = readStates(found.executions());
        var permitted = new ArrayList<FailedExecutionView>();
        var blocked = new ArrayList<FailedExecutionView>();
        for (var execution : found.executions()) {
            var reason = blocker.findReason(execution, states);
            if (reason.isEmpty()) {
                permitted.add(view(execution, states));
            } else {
                blocked.add(view(execution.withRefusal(reason), states));
            }
        }
        return new ExecutionPlan(found.complete(), permitted, blocked, found.missing().size());
    }

    private static ExecutionBlocker redriveBlocker(boolean force) {
        return (execution, states) -> {
            if (execution.refusal().isPresent()) {
                return execution.refusal();
            }
            var order = execution.orderId().map(states).orElseGet(OrderSnapshot.NoSuchOrder::new);
            return order instanceof OrderSnapshot.NoSuchOrder && !force
                    ? Optional.of(
                            "order-service does not know its order; dismiss it, or redrive it with force")
                    : Optional.empty();
        };
    }

    private static ExecutionBlocker dismissalBlocker(boolean force) {
        return (execution, states) ->
                force ? Optional.empty() : describeOpenOrder(execution, states);
    }

    /// Starts a redrive or a dismissal in the background. A dismissal removes executions from the
    /// list. An execution whose order is open stays, unless the task is forced: dismissing it would
    /// hide the order.
    public RedriveService.StartResult start(RedriveTask task) {
        return redrives.submit(task, workOf(task));
    }

    @Override
    public boolean handles(String target) {
        return target.equals(RedriveTask.WORKFLOWS);
    }

    @Override
    public RedriveService.RedriveWork workOf(RedriveTask task) {
        return task.action() == RedriveTask.RedriveAction.DISMISS ? this::dismiss : this::redrive;
    }

    @Override
    public ItemResult findResult(RedrivenItem item) {
        return switch (workflows.progress(item.sentId(), item.sentTo())) {
            case SUCCEEDED -> ItemResult.PROCESSED;
            case PENDING -> ItemResult.WAITING;
            case FAILED_AGAIN -> ItemResult.CAME_BACK;
        };
    }

    /// Stores what was shown to an operator, so that the redrive can be compared with it.
    public RedrivePlan store(
            ExecutionPlan plan,
            RedriveTask.RedriveAction action,
            RedriveSelection selection,
            boolean force,
            Operator operator) {
        var permitted =
                action == RedriveTask.RedriveAction.DISMISS
                        ? PlannedAction.DISMISSED
                        : PlannedAction.REDRIVEN;
        return plans.store(
                RedriveTask.WORKFLOWS,
                action,
                selection,
                force,
                plan.complete(),
                operator,
                Stream.concat(
                                plan.permitted().stream().map(view -> planned(view, permitted)),
                                plan.blocked().stream()
                                        .map(view -> planned(view, PlannedAction.BLOCKED)))
                        .toList());
    }

    private static RedrivePlan.PlannedItem planned(FailedExecutionView view, PlannedAction action) {
        var execution = view.execution();
        return new RedrivePlan.PlannedItem(
                execution.name(),
                execution.orderId(),
                execution.status(),
                view.orderState(),
                action,
                execution.refusal().orElse(execution.group()));
    }

    private String dismiss(RedriveJob job) {
        var found = find(job.task().selection());
        var blocker = dismissalBlocker(job.task().force());
        for (var execution : found.executions()) {
            if (job.isProcessed(execution.name())) {
                continue;
            }
            job.awaitPace();
            var blocked = blocker.findReason(execution, orders::find);
            if (blocked.isPresent()) {
                job.countBlocked(blocked.get(), execution.name());
                continue;
            }
            record(job, "DISMISS_EXECUTION", execution);
            dismissals.dismiss(execution);
            job.countDone(execution.name(), execution.orderId());
        }
        return note(job, found);
    }

    private static Optional<String> describeOpenOrder(
            StoppedExecution execution, Function<UUID, OrderSnapshot> states) {
        if (execution.orderId().isEmpty()) {
            return Optional.empty();
        }
        return switch (states.apply(execution.orderId().get())) {
            case OrderSnapshot.NoSuchOrder _ -> Optional.empty();
            case OrderSnapshot.OrderServiceUnavailable _ ->
                    Optional.of("order-service did not respond, so its order could not be checked");
            case OrderSnapshot.KnownOrder order ->
                    order.isFinal()
                            ? Optional.empty()
                            : Optional.of(
                                    "its order is %s and waits for it; redrive it, or dismiss it with force"
                                            .formatted(order.state()));
        };
    }

    private void record(RedriveJob job, String action, StoppedExecution execution) {
        auditTrail.record(
                job.task().operator(),
                action,
                execution.name(),
                job.task().reason(),
                "redrive=%s group=%s redriveCount=%d"
                        .formatted(job.id(), execution.group(), execution.redriveCount()));
    }

    private String redrive(RedriveJob job) {
        var found = find(job.task().selection());
        var blocker = redriveBlocker(job.task().force());
        job.findSentCanary().ifPresent(sent -> awaitCanary(job, sent.sentId(), sent.sentTo()));
        for (var execution : found.executions()) {
            if (job.isProcessed(execution.name())) {
                continue;
            }
            job.awaitPace();
            var blocked = blocker.findReason(execution, orders::find);
            if (blocked.isPresent()) {
                job.countBlocked(blocked.get(), execution.name());
                continue;
            }
            record(job, "REDRIVE_EXECUTION", execution);
            switch (workflows.redrive(execution)) {
                case ExecutionsClient.RedriveResult.Redriven _ -> {
                    job.countRedriven(
                            execution.name(),
                            execution.orderId(),
                            new SentItem(execution.name(), execution.state(), execution.group()));
                    if (job.needsCanary()) {
                        awaitCanary(job, execution.name(), execution.state());
                    }
                }
                case ExecutionsClient.RedriveResult.NotRedriven(var reason) ->
                        job.countFailed(reason, execution.name());
            }
        }
        return note(job, found);
    }

    private static String note(RedriveJob job, SelectedExecutions found) {
        found.missing().stream()
                .filter(name -> !job.isProcessed(name))
                .forEach(name -> job.countFailed("no failed workflow has this name", name));
        return found.complete()
                ? ""
                : "there are more failed workflows than one redrive takes; run it again";
    }

    private void awaitCanary(RedriveJob job, String name, String failedState) {
        var end = Instant.now().plus(properties.canaryTimeout());
        while (true) {
            switch (workflows.progress(name, failedState)) {
                case SUCCEEDED -> {
                    job.passCanary();
                    return;
                }
                case FAILED_AGAIN ->
                        throw new RedriveStoppedException(
                                "the canary %s failed again: the cause still exists"
                                        .formatted(name));
                case PENDING -> {
                    if (Instant.now().isAfter(end)) {
                        throw new RedriveStoppedException(
                                "the canary %s timed out after %d s: it has not left the state %s"
                                        .formatted(
                                                name,
                                                properties.canaryTimeout().toSeconds(),
                                                failedState));
                    }
                }
            }
            job.pause(Duration.ofMillis(500));
        }
    }

    /// @param missing the names that no failed execution has
    private record SelectedExecutions(
            List<StoppedExecution> executions, boolean complete, List<String> missing) {}

    private SelectedExecutions find(RedriveSelection selection) {
        if (selection instanceof RedriveSelection.NamedItems(var names)) {
            var found =
                    names.stream().flatMap(name -> workflows.findStopped(name).stream()).toList();
            return new SelectedExecutions(
                    expiredAuthorizations.markRefused(found),
                    true,
                    selection.findMissing(found.stream().map(StoppedExecution::name).toList()));
        }
        // One that is redriven and stops again meanwhile is in two of the lists.
        var found = new LinkedHashMap<String, StoppedExecution>();
        Optional<String> cursor = Optional.empty();
        do {
            var page = findListed(cursor, PAGE);
            describe(page).stream()
                    .filter(execution -> selection.includes(execution.toSelectable()))
                    .forEach(execution -> found.put(execution.name(), execution));
            cursor = page.next();
        } while (cursor.isPresent() && found.size() <= properties.maxExecutions());
        return new SelectedExecutions(
                expiredAuthorizations.markRefused(
                        found.values().stream().limit(properties.maxExecutions()).toList()),
                found.size() <= properties.maxExecutions(),
                List.of());
    }
}
