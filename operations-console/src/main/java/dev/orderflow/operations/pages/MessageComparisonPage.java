package dev.orderflow.operations.pages;

import dev.orderflow.operations.deadletters.DeadLetterEditor.EditPlanResult.EditPlan;
import dev.orderflow.operations.deadletters.DeadLetterEditor.FieldDifference;
import dev.orderflow.operations.redrive.PlannedAction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The second step of an edit: the original and the edited message side by side.
///
/// @param changes the new values by field
public record MessageComparisonPage(
        PageContext context, String queue, EditPlan plan, Map<String, String> changes) {

    /// A field of both messages.
    ///
    /// @param before its value in the original
    /// @param after its value in the edited message
    /// @param isChanged whether the edit changes it
    public record ComparedField(String field, String before, String after, boolean isChanged) {}

    /// The address of the edit.
    public String path() {
        return DeadLetterPath.editOf(queue, plan.messageId());
    }

    /// The address of the first step, with what was entered.
    public String formPath() {
        return path()
                + changes.entrySet().stream()
                        .map(
                                change ->
                                        MessageEditPageController.PREFIX
                                                + PageFormat.url(change.getKey())
                                                + "="
                                                + PageFormat.url(change.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    /// The name of the parameter with the new value of a field.
    public static String parameter(String field) {
        return MessageEditPageController.PREFIX + field;
    }

    /// The fields that may be shown, those that change first.
    public List<ComparedField> fields() {
        var fields = new ArrayList<ComparedField>();
        var changed = new LinkedHashSet<String>();
        for (FieldDifference difference : plan.differences()) {
            changed.add(difference.field());
            fields.add(
                    new ComparedField(
                            difference.field(), difference.before(), difference.after(), true));
        }
        var names = new LinkedHashSet<>(plan.original().keySet());
        names.addAll(plan.edited().keySet());
        names.removeAll(changed);
        for (var name : names) {
            fields.add(
                    new ComparedField(
                            name,
                            plan.original().getOrDefault(name, ""),
                            plan.edited().getOrDefault(name, ""),
                            false));
        }
        return fields;
    }

    /// Whether the edited message would be sent.
    public boolean isSent() {
        return plan.plannedAction() == PlannedAction.REDRIVEN;
    }
}
