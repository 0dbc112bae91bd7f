package dev.orderflow.operations.deadletters;

/// What the present says about a dead letter.
public enum RedriveAssessment {
    /// Redriving it is what its order waits for, or cannot be excluded to be.
    NEEDED(PlannedAction.REDRIVEN, "its order waits for it, or its consumer alone knows"),
    /// Redriving would be harmless, and change nothing.
    ALREADY_DONE(
            PlannedAction.SKIPPED,
            "its order has gone on without it; redriving would change nothing"),
    /// The order ended otherwise than the message says.
    CONTRADICTS(PlannedAction.BLOCKED, "its order ended otherwise than the message says"),
    /// order-service does not know the order.
    ORDER_UNKNOWN(PlannedAction.BLOCKED, "order-service does not know its order"),
    /// No order can be read from it, so nothing can be checked.
    UNREADABLE(PlannedAction.BLOCKED, "no order can be read from it, so nothing can be checked"),
    /// order-service did not answer.
    UNCHECKED(PlannedAction.BLOCKED, "order-service did not answer, so nothing could be checked"),
    /// The rule's target is no queue of ours: there is nowhere to send it, forced or not.
    NO_TARGET(
            PlannedAction.BLOCKED,
            "its target is no queue of ours, so there is nowhere to send it");

    /// What a redrive does with it unless it is forced.
    public enum PlannedAction {
        REDRIVEN,
        SKIPPED,
        BLOCKED,
        DISCARDED
    }

    private final PlannedAction fate;
    private final String meaning;

    RedriveAssessment(PlannedAction fate, String meaning) {
        this.fate = fate;
        this.meaning = meaning;
    }

    /// In words.
    public String meaning() {
        return meaning;
    }

    PlannedAction plannedAction(boolean force) {
        return force && this != NO_TARGET ? PlannedAction.REDRIVEN : fate;
    }
}
