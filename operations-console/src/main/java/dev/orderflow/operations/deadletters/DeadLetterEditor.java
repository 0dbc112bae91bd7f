package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.deadletters.EditableMessage.EditResult;
import dev.orderflow.operations.deadletters.MessageEdits.MessageEdit;
import dev.orderflow.operations.orders.OrderSnapshotClient;
import dev.orderflow.operations.redrive.PlannedAction;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveTask;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Shows which fields of a dead letter can be edited, and plans edits.
@Component
public class DeadLetterEditor {

    private final DeadLetterQueues queues;
    private final OrderSnapshotClient orders;
    private final MessageEdits edits;

    DeadLetterEditor(DeadLetterQueues queues, OrderSnapshotClient orders, MessageEdits edits) {
        this.queues = queues;
        this.orders = orders;
        this.edits = edits;
    }

    /// The result of [#show].
    public sealed interface EditFormResult {

        /// @param reason why it was dead-lettered
        /// @param contents the fields of its body that may be shown
        /// @param fields the fields that can be edited; empty when the message cannot be edited
        record EditForm(
                String messageId,
                Optional<UUID> orderId,
                String type,
                String reason,
                Map<String, String> contents,
                List<FormField> fields)
                implements EditFormResult {}

        /// An edited message was sent in its place, so it is not edited again.
        ///
        /// @param redriveId the redrive that sent it
        /// @param newMessageId its id
        record MessageReplaced(UUID redriveId, String newMessageId) implements EditFormResult {}

        /// The queue has no such message.
        record MessageMissing() implements EditFormResult {}
    }

    /// A field that can be edited.
    ///
    /// @param value its value, if it has the expected format
    /// @param rule what its value must be, to follow its name
    public record FormField(String field, String value, String rule) {}

    /// The result of [#plan].
    public sealed interface EditPlanResult {

        /// What an edit would do.
        ///
        /// @param original the fields of the original that may be shown
        /// @param edited those of the edited message
        /// @param assessment compares the edited message with its order
        record EditPlan(
                String messageId,
                Optional<UUID> orderId,
                String type,
                String orderState,
                Map<String, String> original,
                Map<String, String> edited,
                List<FieldDifference> differences,
                RedriveAssessment assessment,
                PlannedAction plannedAction)
                implements EditPlanResult {}

        /// The changes are not allowed, or leave an invalid message.
        ///
        /// @param field the field, or `changes`
        /// @param problem what is wrong, to follow the field
        record EditRejected(String field, String problem) implements EditPlanResult {}

        /// An edited message was sent before.
        ///
        /// @param redriveId the redrive that sent it
        /// @param newMessageId its id
        record EditedBefore(UUID redriveId, String newMessageId) implements EditPlanResult {}

        /// The queue has no such message.
        record MessageNotFound() implements EditPlanResult {}
    }

    /// A field before and after an edit.
    ///
    /// @param before its value, if it has the expected format
    public record FieldDifference(String field, String before, String after) {}

    /// An edit that a redrive sends, or has sent.
    ///
    /// @param messageId the id of the original
    /// @param newMessageId the id of the edited message; empty when it is not known whether it was
    ///     sent
    public record StoredEdit(
            String messageId, Optional<String> newMessageId, List<FieldDifference> differences) {}

    /// Finds the edit that a redrive sends.
    ///
    /// @return empty when the redrive is no edit, or has not begun to send it
    public Optional<StoredEdit> findEdit(UUID redriveId) {
        return edits.findByRedrive(redriveId);
    }

    /// Returns what can be edited, and changes nothing.
    public EditFormResult show(String queue, String messageId) {
        // An original that was replaced may have left its queue.
        var sent = findSent(queue, messageId);
        if (sent.isPresent()) {
            return new EditFormResult.MessageReplaced(
                    sent.get().redriveId(), sent.get().sentId().orElseThrow());
        }
        return queues.find(queue, messageId)
                .<EditFormResult>map(
                        message ->
                                new EditFormResult.EditForm(
                                        message.id(),
                                        message.contents().orderId(),
                                        message.contents().type(),
                                        message.cause().reason(),
                                        message.contents().fields(),
                                        EditableMessage.of(message.message().body())
                                                .map(DeadLetterEditor::toForm)
                                                .orElse(List.of())))
                .orElseGet(EditFormResult.MessageMissing::new);
    }

    private static List<FormField> toForm(EditableMessage message) {
        return message.fields().stream()
                .map(field -> new FormField(field.name(), message.show(field.name()), field.rule()))
                .toList();
    }

    /// Returns what an edit would do now, and changes nothing.
    ///
    /// @param changes the new values by field
    public EditPlanResult plan(
            String queue, String messageId, Map<String, String> changes, boolean force) {
        var sent = findSent(queue, messageId);
        if (sent.isPresent()) {
            return new EditPlanResult.EditedBefore(
                    sent.get().redriveId(), sent.get().sentId().orElseThrow());
        }
        var found = queues.find(queue, messageId);
        if (found.isEmpty()) {
            return new EditPlanResult.MessageNotFound();
        }
        var message = found.get();
        var result =
                EditableMessage.of(message.message().body())
                        .map(editable -> editable.apply(changes))
                        .orElseGet(DeadLetterEditor::notEditable);
        return switch (result) {
            case EditResult.InvalidEdit(var field, var problem) ->
                    new EditPlanResult.EditRejected(field, problem);
            case EditResult.Edited(var body, var diff) -> {
                var edited =
                        AssessedDeadLetter.of(
                                message.withBody(body), orders::find, Optional.empty());
                yield new EditPlanResult.EditPlan(
                        message.id(),
                        message.contents().orderId(),
                        edited.message().contents().type(),
                        edited.orderState(),
                        message.contents().fields(),
                        edited.message().contents().fields(),
                        diff.stream()
                                .map(it -> new FieldDifference(it.field(), it.before(), it.after()))
                                .toList(),
                        edited.assessment(),
                        edited.assessment().plannedAction(force));
            }
        };
    }

    static EditResult notEditable() {
        return new EditResult.InvalidEdit(
                "changes",
                "are not possible: it is not a message of a published type, or its detail is in S3");
    }

    /// The task that executes an edit.
    public static RedriveTask toTask(
            String queue,
            String messageId,
            Map<String, String> changes,
            Operator operator,
            String reason,
            boolean force) {
        return new RedriveTask(
                UUID.randomUUID(),
                RedriveTask.RedriveAction.EDIT,
                queue,
                new RedriveSelection.NamedItems(List.of(messageId)),
                operator,
                reason,
                1,
                false,
                force,
                Optional.empty(),
                changes);
    }

    private Optional<MessageEdit> findSent(String queue, String messageId) {
        return edits.findByIds(queue, List.of(messageId)).values().stream()
                .filter(edit -> edit.sentId().isPresent())
                .findFirst();
    }
}
