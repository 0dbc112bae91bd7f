package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.redrive.PlannedAction;

/// Whether a dead letter should be redriven, given the current state of its order.
public enum RedriveAssessment {
    /// The order waits for the message, or may wait for it.
    NEEDED(PlannedAction.REDRIVEN, "its order waits for it, or only its consumer can tell"),
    /// A redrive would change nothing.
    ALREADY_DONE(
            PlannedAction.SKIPPED,
            "its order has progressed without it; a redrive would change nothing"),
    /// The order ended in another way than the message says.
    CONTRADICTS(PlannedAction.BLOCKED, "its order ended in another way than the message says"),
    /// order-service does not know the order.
    ORDER_UNKNOWN(PlannedAction.BLOCKED, "order-service does not know its order"),
    /// The message has no readable order id.
    UNREADABLE(
            PlannedAction.BLOCKED,
            "it has no readable order id, so it cannot be compared with its order"),
    /// order-service did not respond.
    UNCHECKED(
            PlannedAction.BLOCKED,
            "order-service did not respond, so it could not be compared with its order"),
    /// The target of the undelivered event is not a queue of Orderflow, so it cannot be sent, even
    /// with force.
    NO_TARGET(
            PlannedAction.BLOCKED, "its target is not a queue of Orderflow, so it cannot be sent"),
    /// An edited message was sent in its place, so it is never sent, even with force.
    REPLACED(PlannedAction.SKIPPED, "an edited message was sent in its place"),
    /// An edited message may have been sent in its place, so it is never sent, even with force.
    EDIT_INTERRUPTED(
            PlannedAction.BLOCKED,
            "an edited message may have been sent in its place; edit it again");

    private final PlannedAction plannedAction;
    private final String description;

    RedriveAssessment(PlannedAction plannedAction, String description) {
        this.plannedAction = plannedAction;
        this.description = description;
    }

    /// Why, as text for operators.
    public String description() {
        return description;
    }

    /// What a redrive does with the message.
    ///
    /// @param force whether it also sends messages that need not or should not be sent
    public PlannedAction plannedAction(boolean force) {
        return force && canBeSent() ? PlannedAction.REDRIVEN : plannedAction;
    }

    private boolean canBeSent() {
        return switch (this) {
            case NO_TARGET, REPLACED, EDIT_INTERRUPTED -> false;
            case NEEDED, ALREADY_DONE, CONTRADICTS, ORDER_UNKNOWN, UNREADABLE, UNCHECKED -> true;
        };
    }
}
