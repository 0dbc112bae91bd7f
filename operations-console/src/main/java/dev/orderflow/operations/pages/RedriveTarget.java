package dev.orderflow.operations.pages;

import dev.orderflow.operations.redrive.RedriveTask;

/// The words and the addresses of the two kinds of targets: dead-letter queues and failed workflow
/// executions.
///
/// @param isWorkflow whether it is the failed executions
public record RedriveTarget(boolean isWorkflow) {

    /// The words for the target of a redrive.
    static RedriveTarget of(String target) {
        return new RedriveTarget(target.equals(RedriveTask.WORKFLOWS));
    }

    /// The page with the items.
    public String path() {
        return isWorkflow ? "/workflow" : "/dead-letters";
    }

    /// The name of that page.
    public String label() {
        return isWorkflow ? "Workflow" : "Dead letters";
    }

    /// What one item is.
    public String noun() {
        return isWorkflow ? "execution" : "message";
    }

    /// The target in a sentence.
    public static String describe(String target) {
        return target.equals(RedriveTask.WORKFLOWS) ? "failed executions" : target;
    }

    /// The name of an action, for headings and buttons.
    public static String verb(RedriveTask.RedriveAction action) {
        return switch (action) {
            case REDRIVE -> "Redrive";
            case DISCARD -> "Discard";
            case DISMISS -> "Dismiss";
            case EDIT -> "Edit";
        };
    }
}
