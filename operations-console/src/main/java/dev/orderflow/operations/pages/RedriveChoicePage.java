package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.redrive.RedriveTask.RedriveAction;
import java.util.List;

/// The first step of a redrive or a discard: choose the messages by a filter.
///
/// @param queues the dead-letter queues
public record RedriveChoicePage(PageContext context, RedriveForm form, List<String> queues) {

    /// Whether the reader may plan and start it.
    public boolean mayPlan() {
        return context.may(OperatorRole.OPERATOR);
    }

    /// Whether it is a redrive, and not a discard.
    public boolean isRedrive() {
        return form.action() == RedriveAction.REDRIVE;
    }
}
