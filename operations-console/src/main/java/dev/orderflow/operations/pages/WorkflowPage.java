package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.executions.FailedExecutionService.FailedExecutionsPage;
import dev.orderflow.operations.executions.StoppedExecution;
import dev.orderflow.operations.redrive.Redrive;
import dev.orderflow.operations.workflow.ExecutionProgress;
import dev.orderflow.operations.workflow.WorkflowGraph;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// The state machine as a graph: with the progress of one order, or with the failed executions.
///
/// @param orderId the order whose execution is shown; empty for all failed ones
/// @param progress empty when the order has no execution
/// @param failed a page of the failed executions; empty when an order is shown
/// @param redrives the latest redrives and dismissals of failed executions
public record WorkflowPage(
        PageContext context,
        WorkflowGraph graph,
        Optional<UUID> orderId,
        Optional<ExecutionProgress> progress,
        FailedExecutionsPage failed,
        List<Redrive> redrives) {

    /// Whether the reader may redrive and dismiss failed executions.
    public boolean mayRedrive() {
        return context.may(OperatorRole.OPERATOR);
    }

    /// The address of the first step of a redrive of one execution.
    public static String redriveOf(StoppedExecution execution) {
        return "/workflow/redrive?execution=" + PageFormat.url(execution.name());
    }

    /// The address of the first step of a redrive of a group.
    public static String redriveOf(String group) {
        return "/workflow/redrive?group=" + PageFormat.url(group);
    }

    /// The address of the next page of failed executions; empty on the last.
    public Optional<String> next() {
        return failed.next().map(cursor -> "/workflow?cursor=" + PageFormat.url(cursor));
    }

    /// What a state says in the graph.
    ///
    /// @param label a few words; empty for nothing
    public record NodeLabel(StateTone tone, String label) {}

    /// The colour and the words of a state.
    public NodeLabel labelOf(String state) {
        if (orderId.isEmpty()) {
            int failures = failedByState().getOrDefault(state, 0);
            return failures == 0
                    ? new NodeLabel(StateTone.NEUTRAL, "")
                    : new NodeLabel(StateTone.BAD, failures + " failed here");
        }
        return progress.map(it -> it.states().get(state))
                .map(this::labelOf)
                .orElseGet(() -> new NodeLabel(StateTone.NEUTRAL, ""));
    }

    private NodeLabel labelOf(ExecutionProgress.StateProgress state) {
        var retries =
                state.failures() == 0
                        ? ""
                        : ", %s failed".formatted(PageFormat.count(state.failures(), "attempt"));
        if (state.isDone()) {
            return new NodeLabel(
                    state.failures() == 0 ? StateTone.GOOD : StateTone.WARNING, "done" + retries);
        }
        return progress.map(ExecutionProgress::status).orElse("").equals("RUNNING")
                ? new NodeLabel(StateTone.ACTIVE, "now" + retries)
                : new NodeLabel(StateTone.BAD, "ended here" + retries);
    }

    /// How many failed executions ended in each state.
    public Map<String, Integer> failedByState() {
        var byState = new TreeMap<String, Integer>();
        failed.groups()
                .forEach(
                        (group, count) ->
                                byState.merge(
                                        group.contains("/")
                                                ? group.substring(0, group.indexOf('/'))
                                                : group,
                                        count,
                                        Integer::sum));
        return byState;
    }
}
