package dev.orderflow.operations.pages;

import dev.orderflow.operations.deadletters.DeadLetterEditor.EditFormResult.EditForm;
import dev.orderflow.operations.deadletters.DeadLetterEditor.FormField;
import java.util.Map;
import java.util.Optional;

/// The first step of an edit: the new values of the fields that may be changed.
///
/// @param entered the values that the reader has entered, by field
/// @param problem the field that is wrong, or `changes` for all, and the rule that it breaks
public record MessageEditPage(
        PageContext context,
        String queue,
        EditForm form,
        Map<String, String> entered,
        Optional<FieldProblem> problem) {

    /// What is wrong with a value.
    ///
    /// @param field its name, or `changes` when it is not a single field
    /// @param rule what it must be, to follow its name
    public record FieldProblem(String field, String rule) {}

    /// The address of the edit.
    public String path() {
        return DeadLetterPath.editOf(queue, form.messageId());
    }

    /// The value in the input of a field: what was entered, or else the present value. A value that
    /// is not shown stays as it is while the input is empty.
    public String value(FormField field) {
        return entered.getOrDefault(field.field(), isShown(field) ? field.value() : "");
    }

    /// Whether the present value is in the input.
    public boolean isShown(FormField field) {
        return !field.value().startsWith("(");
    }

    /// What is wrong with a field; empty when nothing is.
    public Optional<String> problemOf(FormField field) {
        return problem.filter(it -> it.field().equals(field.field())).map(FieldProblem::rule);
    }

    /// What is wrong, in one sentence; empty when nothing is.
    public Optional<String> problemSentence() {
        return problem.map(
                it ->
                        it.field().equals("changes")
                                ? "The changes %s.".formatted(it.rule())
                                : "%s %s.".formatted(it.field(), it.rule()));
    }
}
