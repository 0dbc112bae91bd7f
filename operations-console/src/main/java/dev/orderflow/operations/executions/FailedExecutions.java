package dev.orderflow.operations.executions;

import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.orders.OrderNow;
import dev.orderflow.operations.orders.OrderStates;
import dev.orderflow.operations.redrive.Assignment;
import dev.orderflow.operations.redrive.RedriveDesk;
import dev.orderflow.operations.redrive.Run;
import dev.orderflow.operations.redrive.StoppedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/// Shows failed executions and redrives them.
@Component
public class FailedExecutions {

    private static final int PAGE = 50;

    private final Workflows workflows;
    private final OrderStates orders;
    private final LostHolds lostHolds;
    private final RedriveDesk desk;
    private final AuditTrail auditTrail;
    private final ExecutionProperties properties;
    private final Dismissals dismissals;

    FailedExecutions(
            Workflows workflows,
            OrderStates orders,
            LostHolds lostHolds,
            RedriveDesk desk,
            AuditTrail auditTrail,
            ExecutionProperties properties,
            Dismissals dismissals) {
        this.workflows = workflows;
        this.orders = orders;
        this.lostHolds = lostHolds;
        this.desk = desk;
        this.auditTrail = auditTrail;
        this.properties = properties;
        this.dismissals = dismissals;
    }

    /// An execution with how its order is now, in one word.
    public record View(FailedExecution execution, String order) {}

    /// One page, with how many of it failed alike.
    public record Page(Map<String, Integer> groups, List<View> executions, Optional<String> next) {}

    /// What a redrive would do.
    ///
    /// @param complete whether all failed executions were looked at
    public record Plan(boolean complete, List<View> redriven, List<View> refused, int missing) {}

    /// A page of failed executions, without those that were dismissed.
    ///
    /// @throws IllegalArgumentException when the cursor is none
    public Page page(Optional<String> cursor, int limit) {
        var page = listed(workflows.failed(cursor, limit));
        var states = orders.forOneView();
        var groups = new LinkedHashMap<String, Integer>();
        page.executions().forEach(one -> groups.merge(one.group(), 1, Integer::sum));
        return new Page(
                groups,
                lostHolds.assess(page.executions()).stream()
                        .map(
                                one ->
                                        new View(
                                                one,
                                                one.orderId()
                                                        .map(states)
                                                        .map(OrderNow::word)
                                                        .orElse("-")))
                        .toList(),
                page.next());
    }

    private Workflows.Page listed(Workflows.Page page) {
        var dismissed = dismissals.among(page.executions());
        return new Workflows.Page(
                page.executions().stream().filter(one -> !dismissed.contains(one)).toList(),
                page.next());
    }

    /// What a redrive would do now, without doing it.
    public Plan plan(Chosen chosen) {
        var found = find(chosen);
        var states = orders.forOneView();
        var redriven = new ArrayList<View>();
        var refused = new ArrayList<View>();
        for (var one : found.executions()) {
            var view = new View(one, one.orderId().map(states).map(OrderNow::word).orElse("-"));
            (one.refusal().isEmpty() ? redriven : refused).add(view);
        }
        return new Plan(found.complete(), redriven, refused, found.missing().size());
    }

    /// What a dismissal would do now, without doing it.
    ///
    /// @return those that would be dismissed as `redriven`, those that would stay as `refused`
    public Plan planDismissal(Chosen chosen, boolean force) {
        var found = find(chosen);
        var dismissed = new ArrayList<View>();
        var kept = new ArrayList<View>();
        for (var one : found.executions()) {
            var against = waitingOrder(one);
            var view =
                    new View(one, one.orderId().map(orders::now).map(OrderNow::word).orElse("-"));
            (against.isEmpty() || force ? dismissed : kept).add(view);
        }
        return new Plan(found.complete(), dismissed, kept, found.missing().size());
    }

    /// Starts a redrive.
    public RedriveDesk.Taken start(Assignment assignment, Chosen chosen) {
        return desk.take(assignment, run -> carryOut(run, chosen));
    }

    /// Starts a dismissal: takes executions off the list, with who and why on record. One whose
    /// order still waits for it stays, unless it is forced: dismissing it would hide the order.
    public RedriveDesk.Taken dismiss(Assignment assignment, Chosen chosen) {
        return desk.take(assignment, run -> dismiss(run, chosen));
    }

    private String dismiss(Run run, Chosen chosen) {
        var found = find(chosen);
        for (var one : found.executions()) {
            run.pace();
            var against = waitingOrder(one);
            if (against.isPresent() && !run.assignment().force()) {
                run.held(against.get(), one.name());
                continue;
            }
            record(run, "DISMISS_EXECUTION", one);
            dismissals.dismiss(one);
            run.done();
        }
        return note(run, found);
    }

    private Optional<String> waitingOrder(FailedExecution execution) {
        if (execution.orderId().isEmpty()) {
            return Optional.empty();
        }
        return switch (orders.now(execution.orderId().get())) {
            case OrderNow.Unknown _ -> Optional.empty();
            case OrderNow.NoAnswer _ ->
                    Optional.of("order-service did not answer, so its order could not be checked");
            case OrderNow.Known order ->
                    order.isFinal()
                            ? Optional.empty()
                            : Optional.of(
                                    "its order is %s and waits for it; redrive it, or dismiss it with force"
                                            .formatted(order.state()));
        };
    }

    private void record(Run run, String action, FailedExecution one) {
        auditTrail.record(
                run.assignment().by(),
                action,
                one.name(),
                run.assignment().reason(),
                "redrive=%s group=%s redrivenBefore=%d"
                        .formatted(run.id(), one.group(), one.redriveCount()));
    }

    private String carryOut(Run run, Chosen chosen) {
        var found = find(chosen);
        boolean canary = run.assignment().canary();
        for (var one : found.executions()) {
            run.pace();
            if (one.refusal().isPresent()) {
                run.held(one.refusal().get(), one.name());
                continue;
            }
            if (one.orderId().map(orders::now).orElseGet(OrderNow.Unknown::new)
                            instanceof OrderNow.Unknown
                    && !run.assignment().force()) {
                run.held(
                        "order-service does not know its order; dismiss it, or redrive it with force",
                        one.name());
                continue;
            }
            record(run, "REDRIVE_EXECUTION", one);
            switch (workflows.redrive(one)) {
                case Workflows.Answer.Redriven _ -> {
                    run.done();
                    if (canary) {
                        awaitSettled(run, one);
                        canary = false;
                    }
                }
                case Workflows.Answer.Refused(var why) ->
                        run.failed("Step Functions refused: " + why, one.name());
            }
        }
        return note(run, found);
    }

    private static String note(Run run, Found found) {
        found.missing().forEach(name -> run.failed("no failed workflow of that name", name));
        return found.complete() ? "" : "there are more than are taken at once; run it again";
    }

    private void awaitSettled(Run run, FailedExecution canary) {
        var end = Instant.now().plus(properties.canaryPatience());
        while (true) {
            switch (workflows.progress(canary)) {
                case WENT_ON -> {
                    return;
                }
                case FAILED_AGAIN ->
                        throw new StoppedException(
                                "the canary failed again: its cause is not mended");
                case STILL_THERE -> {
                    if (Instant.now().isAfter(end)) {
                        throw new StoppedException(
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
    private record Found(
            List<FailedExecution> executions, boolean complete, List<String> missing) {}

    private Found find(Chosen chosen) {
        if (chosen instanceof Chosen.Named(var names)) {
            var found = names.stream().flatMap(name -> workflows.failed(name).stream()).toList();
            var there = found.stream().map(FailedExecution::name).collect(Collectors.toSet());
            return new Found(
                    lostHolds.assess(found),
                    true,
                    names.stream().filter(name -> !there.contains(name)).toList());
        }
        var found = new ArrayList<FailedExecution>();
        Optional<String> cursor = Optional.empty();
        do {
            var page = listed(workflows.failed(cursor, PAGE));
            page.executions().stream()
                    .filter(
                            one ->
                                    !(chosen instanceof Chosen.Group(var name))
                                            || one.group().equals(name))
                    .forEach(found::add);
            cursor = page.next();
        } while (cursor.isPresent() && found.size() < properties.most());
        return new Found(
                lostHolds.assess(found.stream().limit(properties.most()).toList()),
                cursor.isEmpty() && found.size() <= properties.most(),
                List.of());
    }
}
