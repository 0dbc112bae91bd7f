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
import org.springframework.stereotype.Component;

/// Shows failed executions and redrives them.
@Component
public class FailedExecutions {

    private static final int PAGE = 50;

    private final Workflows workflows;
    private final OrderStates orders;
    private final RedriveDesk desk;
    private final AuditTrail auditTrail;
    private final ExecutionProperties properties;

    FailedExecutions(
            Workflows workflows,
            OrderStates orders,
            RedriveDesk desk,
            AuditTrail auditTrail,
            ExecutionProperties properties) {
        this.workflows = workflows;
        this.orders = orders;
        this.desk = desk;
        this.auditTrail = auditTrail;
        this.properties = properties;
    }

    /// An execution with how its order is now, in one word.
    public record View(FailedExecution execution, String order) {}

    /// One page, with how many of it failed alike.
    public record Page(Map<String, Integer> groups, List<View> executions, Optional<String> next) {}

    /// What a redrive would do.
    ///
    /// @param complete whether all failed executions were looked at
    public record Plan(boolean complete, List<View> redriven, List<View> refused, int missing) {}

    /// A page of failed executions.
    ///
    /// @throws IllegalArgumentException when the cursor is none
    public Page page(Optional<String> cursor, int limit) {
        var page = workflows.failed(cursor, limit);
        var states = orders.forOneView();
        var groups = new LinkedHashMap<String, Integer>();
        page.executions().forEach(one -> groups.merge(one.group(), 1, Integer::sum));
        return new Page(
                groups,
                page.executions().stream()
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
        return new Plan(found.complete(), redriven, refused, found.missing());
    }

    /// Starts a redrive.
    public RedriveDesk.Taken start(Assignment assignment, Chosen chosen) {
        return desk.take(assignment, run -> carryOut(run, chosen));
    }

    private String carryOut(Run run, Chosen chosen) {
        var found = find(chosen);
        var refusals = new LinkedHashMap<String, Integer>();
        boolean canary = run.assignment().canary();
        for (var one : found.executions()) {
            run.pace();
            if (one.refusal().isPresent()) {
                refusals.merge(one.refusal().get(), 1, Integer::sum);
                run.held();
                continue;
            }
            if (one.orderId().map(orders::now).orElseGet(OrderNow.Unknown::new)
                            instanceof OrderNow.Unknown
                    && !run.assignment().force()) {
                refusals.merge("order-service does not know its order", 1, Integer::sum);
                run.held();
                continue;
            }
            auditTrail.record(
                    run.assignment().by(),
                    "REDRIVE_EXECUTION",
                    one.name(),
                    run.assignment().reason(),
                    "redrive=%s group=%s redrivenBefore=%d"
                            .formatted(run.id(), one.group(), one.redriveCount()));
            switch (workflows.redrive(one)) {
                case Workflows.Answer.Redriven _ -> {
                    run.done();
                    if (canary) {
                        awaitSettled(run, one);
                        canary = false;
                    }
                }
                case Workflows.Answer.Refused(var why) -> {
                    refusals.merge(why, 1, Integer::sum);
                    run.failed();
                }
            }
        }
        run.missing(found.missing());
        var notes = new ArrayList<String>();
        refusals.forEach((why, count) -> notes.add(count + " not redriven: " + why));
        if (found.missing() > 0) {
            notes.add(found.missing() + " of those named have not failed");
        }
        if (!found.complete()) {
            notes.add("there are more than are redriven at once; run it again");
        }
        return String.join("; ", notes);
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
                                "the canary was not settled: it did not leave %s within %d s"
                                        .formatted(
                                                canary.state(),
                                                properties.canaryPatience().toSeconds()));
                    }
                }
            }
            run.pause(Duration.ofMillis(500));
        }
    }

    private record Found(List<FailedExecution> executions, boolean complete, int missing) {}

    private Found find(Chosen chosen) {
        if (chosen instanceof Chosen.Named(var names)) {
            var found = names.stream().flatMap(name -> workflows.failed(name).stream()).toList();
            return new Found(found, true, names.size() - found.size());
        }
        var found = new ArrayList<FailedExecution>();
        Optional<String> cursor = Optional.empty();
        do {
            var page = workflows.failed(cursor, PAGE);
            page.executions().stream()
                    .filter(
                            one ->
                                    !(chosen instanceof Chosen.Group(var name))
                                            || one.group().equals(name))
                    .forEach(found::add);
            cursor = page.next();
        } while (cursor.isPresent() && found.size() < properties.most());
        return new Found(
                found.stream().limit(properties.most()).toList(),
                cursor.isEmpty() && found.size() <= properties.most(),
                0);
    }
}
