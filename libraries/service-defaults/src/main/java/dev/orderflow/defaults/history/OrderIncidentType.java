package dev.orderflow.defaults.history;

/// What happened to an attempt to work on an order.
public enum OrderIncidentType {
    /// A message was received again: an earlier receive ended without a result.
    MESSAGE_REDELIVERED(OrderHistoryOutcome.REPEATED),
    /// The handler of a message threw an exception; the message is delivered again.
    MESSAGE_FAILED(OrderHistoryOutcome.FAILED),
    /// A message was moved to its dead-letter queue.
    MESSAGE_REJECTED(OrderHistoryOutcome.FAILED),
    /// A message that an operator redrove was handled.
    MESSAGE_REDRIVEN(OrderHistoryOutcome.DONE),
    /// A message waited while a dependency of its handler was unavailable.
    MESSAGE_WAITED(OrderHistoryOutcome.WAITING),
    /// A message was handled before and had no further effect.
    MESSAGE_DUPLICATE(OrderHistoryOutcome.REPEATED),
    /// A request with a known idempotency key got the stored response.
    REQUEST_REPEATED(OrderHistoryOutcome.REPEATED),
    /// A call of another service or of an external system failed.
    CALL_FAILED(OrderHistoryOutcome.FAILED),
    /// A call of an external system got no clear answer.
    CALL_UNANSWERED(OrderHistoryOutcome.UNKNOWN),
    /// An attempt ended early and is repeated later.
    ATTEMPT_DEFERRED(OrderHistoryOutcome.WAITING),
    /// Work that an earlier attempt left unfinished was continued.
    ATTEMPT_RESUMED(OrderHistoryOutcome.REPEATED);

    private final OrderHistoryOutcome outcome;

    OrderIncidentType(OrderHistoryOutcome outcome) {
        this.outcome = outcome;
    }

    OrderHistoryOutcome outcome() {
        return outcome;
    }
}
