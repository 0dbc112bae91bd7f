package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.deadletters.DeadLetterQueries.DeadLetterView;
import dev.orderflow.operations.redrive.PlannedAction;

/// One dead letter beside its order.
///
/// @param queue its dead-letter queue
public record DeadLetterMessagePage(PageContext context, String queue, DeadLetterView message) {

    /// Whether the reader may edit, redrive and discard it.
    public boolean mayChange() {
        return context.may(OperatorRole.OPERATOR);
    }

    /// What a redrive without force would do with it now.
    public PlannedAction plannedAction() {
        return message.assessment().plannedAction(false);
    }

    /// Whether it may have fields to change, and a queue to go to.
    public boolean isEditable() {
        return message.targetQueue().isPresent() && !message.body().isEmpty();
    }

    /// The address of its edit.
    public String editPath() {
        return DeadLetterPath.editOf(queue, message.messageId());
    }

    /// The address of the messages with the same cause in its queue.
    public String groupPath() {
        return DeadLettersPage.messagesOf(queue, message.fingerprint());
    }
}
