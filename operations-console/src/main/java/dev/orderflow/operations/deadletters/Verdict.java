package dev.orderflow.operations.deadletters;

/// What the present says about a dead letter.
public enum Verdict {
    /// Redriving it is what its order waits for, or cannot be excluded to be.
    NEEDED(Fate.REDRIVEN, "its order waits for it, or its consumer alone knows"),
    /// Redriving would be harmless, and change nothing.
    ALREADY_DONE(Fate.SKIPPED, "its order has gone on without it; redriving would change nothing"),
    /// The order ended otherwise than the message says.
    CONTRADICTS(Fate.HELD, "its order ended otherwise than the message says"),
    /// order-service does not know the order.
    ORDER_UNKNOWN(Fate.HELD, "order-service does not know its order"),
    /// No order can be read from it, so nothing can be checked.
    UNREADABLE(Fate.HELD, "no order can be read from it, so nothing can be checked"),
    /// order-service did not answer.
    UNCHECKED(Fate.HELD, "order-service did not answer, so nothing could be checked"),
    /// The rule's target is no queue of ours: there is nowhere to send it, forced or not.
    NO_TARGET(Fate.HELD, "its target is no queue of ours, so there is nowhere to send it");

    /// What a redrive does with it unless it is forced.
    public enum Fate {
        REDRIVEN,
        SKIPPED,
        HELD,
        DISCARDED
    }

    private final Fate fate;
    private final String meaning;

    Verdict(Fate fate, String meaning) {
        this.fate = fate;
        this.meaning = meaning;
    }

    /// In words.
    public String meaning() {
        return meaning;
    }

    Fate fate(boolean force) {
        return force && this != NO_TARGET ? Fate.REDRIVEN : fate;
    }
}
