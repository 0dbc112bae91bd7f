package dev.orderflow.operations.executions;

import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.orders.OrderSnapshot;
import dev.orderflow.operations.orders.OrderSnapshots;
import dev.orderflow.operations.redrive.RedriveJob;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveStoppedException;
import dev.orderflow.operations.redrive.RedriveTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/// Shows failed executions and redrives them.
@Component
public class FailedExecutionService {

    private static final int PAGE = 50;

    private final ExecutionsClient workflows;
    private final OrderSnapshots orders;
    private final ExpiredAuthorizations lostHolds;
    private final RedriveService redrives;
    private final AuditTrail auditTrail;
    private final ExecutionProperties properties;
    private final Dismissals dismissals;

    FailedExecutionService(
            ExecutionsClient workflows,
            OrderSnapshots orders,
            ExpiredAuthorizations lostHolds,
            RedriveService redrives,
            AuditTrail auditTrail,
            ExecutionProperties properties,
            Dismissals dismissals) {
        this.workflows = workflows;
        this.orders = orders;
        this.lostHolds = lostHolds;
        this.redrives = redrives;
        this.auditTrail = auditTrail;
        this.properties = properties;
        this.dismissals = dismissals;
    }

    /// An execution with how its order is now, in one word.
    public record FailedExecutionView(StoppedExecution execution, String order) {}

    /// One page, with how many of it failed alike.
    public record FailedExecutionsPage(
            Map<String, Integer> groups,
            List<FailedExecutionView> executions,
            Optional<String> next) {}

    /// What a redrive would do.
    ///
    /// @param complete whether all failed executions were looked at
    public record ExecutionRedrivePlan(
            boolean complete,
            List<FailedExecutionView> redriven,
            List<FailedExecutionView> refused,
            int missing) {}

    /// A page of failed executions, without those that were dismissed.
    ///
    /// @throws IllegalArgumentException when the cursor is none
    public FailedExecutionsPage page(Optional<String> cursor, int limit) {
        var page = listed(workflows.failed(cursor, limit));
        var states = orders.forOneView();
        var groups = new LinkedHashMap<String, Integer>();
        page.executions().forEach(one -> groups.merge(one.group(), 1, Integer::sum));
        return new FailedExecutionsPage(
                groups,
                lostHolds.assess(page.executions()).stream().map(one -> view(one, states)).toList(),
                page.next());
    }

    private static FailedExecutionView view(
            StoppedExecution execution, Function<UUID, OrderSnapshot> states) {
        return new FailedExecutionView(
                execution, execution.orderId().map(states).map(OrderSnapshot::label).orElse("-"));
    }

    private ExecutionsClient.ExecutionsPage listed(ExecutionsClient.ExecutionsPage page) {
        var dismissed = dismissals.among(page.executions());
        return new ExecutionsClient.ExecutionsPage(
                page.executions().stream().filter(one -> !dismissed.contains(one)).toList(),
                page.next());
    }

    /// What a redrive would do now, without doing it.
    public ExecutionRedrivePlan plan(ExecutionSelection selected) {
        var found = find(selected);
        var states = orders.forOneView();
        var redriven = new ArrayList<FailedExecutionView>();
        var refused = new ArrayList<FailedExecutionView>();
        for (var one : found.executions()) {
            (one.refusal().isEmpty() ? redriven : refused).add(view(one, states));
        }
        return new ExecutionRedrivePlan(
                found.complete(), redriven, refused, found.missing().size());
    }

    /// What a dismissal would do now, without doing it.
    ///
    /// @return those that would be dismissed as `redriven`, those that would stay as `refused`
    public ExecutionRedrivePlan planDismissal(ExecutionSelection selected, boolean force) {
        var found = find(selected);
        var states = orders.forOneView();
        var dismissed = new ArrayList<FailedExecutionView>();
        var kept = new ArrayList<FailedExecutionView>();
        for (var one : found.executions()) {
            var against = waitingOrder(one, states);
            (against.isEmpty() || force ? dismissed : kept).add(view(one, states));
        }
        return new ExecutionRedrivePlan(found.complete(), dismissed, kept, found.missing().size());
    }

    /// Starts a redrive.
    public RedriveService.StartResult start(RedriveTask assignment, ExecutionSelection selected) {
        return redrives.submit(assignment, run -> carryOut(run, selected));
    }

    /// Starts a dismissal: takes executions off the list, with who and why on record. One whose
    /// order still waits for it stays, unless it is forced: dismissing it would hide the order.
    public RedriveService.StartResult dismiss(RedriveTask assignment, ExecutionSelection selected) {
        return redrives.submit(assignment, run -> dismiss(run, selected));
    }

    private String dismiss(RedriveJob run, ExecutionSelection selected) {
        var found = find(selected);
        for (var one : found.executions()) {
            run.awaitPace();
            var against = waitingOrder(one, orders::find);
            if (against.isPresent() && !run.task().force()) {
                run.countBlocked(against.get(), one.name());
                continue;
            }
            record(run, "DISMISS_EXECUTION", one);
            dismissals.dismiss(one);
            run.countDone();
        }
        return note(run, found);
    }

    private static Optional<String> waitingOrder(
            StoppedExecution execution, Function<UUID, OrderSnapshot> states) {
        if (execution.orderId().isEmpty()) {
            return Optional.empty();
        }
        return switch (states.apply(execution.orderId().get())) {
            case OrderSnapshot.NoSuchOrder _ -> Optional.empty();
            case OrderSnapshot.OrderServiceUnavailable _ ->
                    Optional.of("order-service did not answer, so its order could not be checked");
            case OrderSnapshot.KnownOrder order ->
                    order.isFinal()
                            ? Optional.empty()
                            : Optional.of(
                                    "its order is %s and waits for it; redrive it, or dismiss it with force"
                                            .formatted(order.state()));
        };
    }

    private void record(RedriveJob run, String action, StoppedExecution one) {
        auditTrail.record(
                run.task().operator(),
                action,
                one.name(),
                run.task().reason(),
                "redrive=%s group=%s redrivenBefore=%d"
                        .formatted(run.id(), one.group(), one.redriveCount()));
    }

    private String carryOut(RedriveJob run, ExecutionSelection selected) {
        var found = find(selected);
        boolean canary = run.task().canary();
        for (var one : found.executions()) {
            run.awaitPace();
            if (one.refusal().isPresent()) {
                run.countBlocked(one.refusal().get(), one.name());
                continue;
            }
            if (one.orderId().map(orders::find).orElseGet(OrderSnapshot.NoSuchOrder::new)
                            instanceof OrderSnapshot.NoSuchOrder
                    && !run.task().force()) {
                run.countBlocked(
                        "order-service does not know its order; dismiss it, or redrive it with force",
                        one.name());
                continue;
            }
            record(run, "REDRIVE_EXECUTION", one);
            switch (workflows.redrive(one)) {
                case ExecutionsClient.RedriveResult.Redriven _ -> {
                    run.countDone();
                    if (canary) {
                        awaitSettled(run, one);
                        canary = false;
                    }
                }
                case ExecutionsClient.RedriveResult.Refused(var why) ->
                        run.countFailed("Step Functions refused: " + why, one.name());
            }
        }
        return note(run, found);
    }

    private static String note(RedriveJob run, SelectedExecutions found) {
        found.missing().forEach(name -> run.countFailed("no failed workflow of that name", name));
        return found.complete() ? "" : "there are more than are taken at once; run it again";
    }

    private void awaitSettled(RedriveJob run, StoppedExecution canary) {
        var end = Instant.now().plus(properties.canaryPatience());
        while (true) {
            switch (workflows.progress(canary)) {
                case WENT_ON -> {
                    return;
                }
                case FAILED_AGAIN ->
                        throw new RedriveStoppedException(
                                "the canary failed again: its cause is not mended");
                case STILL_THERE -> {
                    if (Instant.now().isAfter(end)) {
                        throw new RedriveStoppedException(
                                "the canary %s was not settled: it did not leave %s within %d s"
                                        .formatted(
                                                canary.name(),
                                                canary.state(),
                                                properties.canaryPatience().toSeconds()));
                    }
                }
            }
            run.pause(Duration.ofMillis(500));
        }
    }

    /// @param missing names that no failed execution has
    private record SelectedExecutions(
            List<StoppedExecution> executions, boolean complete, List<String> missing) {}

    private SelectedExecutions find(ExecutionSelection selected) {
        if (selected instanceof ExecutionSelection.NamedExecutions(var names)) {
            var found = names.stream().flatMap(name -> workflows.failed(name).stream()).toList();
            var there = found.stream().map(StoppedExecution::name).collect(Collectors.toSet());
            return new SelectedExecutions(
                    lostHolds.assess(found),
                    true,
                    names.stream().filter(name -> !there.contains(name)).toList());
        }
        var found = new ArrayList<StoppedExecution>();
        Optional<String> cursor = Optional.empty();
        do {
            var page = listed(workflows.failed(cursor, PAGE));
            page.executions().stream()
                    .filter(
                            one ->
                                    !(selected instanceof ExecutionSelection.FailureGroup(var name))
                                            || one.group().equals(name))
                    .forEach(found::add);
            cursor = page.next();
        } while (cursor.isPresent() && found.size() < properties.most());
        return new SelectedExecutions(
                lostHolds.assess(found.stream().limit(properties.most()).toList()),
                cursor.isEmpty() && found.size() <= properties.most(),
                List.of());
    }
}
