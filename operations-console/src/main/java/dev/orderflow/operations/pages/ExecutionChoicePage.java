package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.redrive.RedriveTask.RedriveAction;
import java.util.List;
import java.util.Map;

/// The first step of a redrive or a dismissal: choose the failed executions by a filter.
///
/// @param groups the groups of the latest failed executions with their sizes
public record ExecutionChoicePage(
        PageContext context, ExecutionForm form, Map<String, Integer> groups) {

    /// How executions fail, as Step Functions names it.
    public static final List<String> STATUSES = List.of("FAILED", "TIMED_OUT", "ABORTED");

    /// Whether the reader may plan and start it.
    public boolean mayPlan() {
        return context.may(OperatorRole.OPERATOR);
    }

    /// What is done.
    public String verb() {
        return RedriveTarget.verb(form.action());
    }

    /// Whether it is a redrive, and not a dismissal.
    public boolean isRedrive() {
        return form.action() == RedriveAction.REDRIVE;
    }
}
