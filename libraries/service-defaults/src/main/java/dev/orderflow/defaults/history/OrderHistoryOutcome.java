package dev.orderflow.defaults.history;

/// How a step of an order's history ended.
public enum OrderHistoryOutcome {
    /// It had its effect.
    DONE,
    /// It was refused for a reason of the business, for example a declined card.
    REFUSED,
    /// It failed; it may have been repeated afterwards.
    FAILED,
    /// It was done again, and the repetition had no further effect.
    REPEATED,
    /// It waits, or waited until the end of the entry.
    WAITING,
    /// Whether it had its effect is not known.
    UNKNOWN
}
