package dev.orderflow.outbox;

/// Stores events to be published.
public interface OutboxPublisher {

    /// Stores an event in the caller's transaction. It is published after the commit, and never
    /// when the transaction rolls back.
    ///
    /// @throws MissingTransactionException when the caller has no transaction on the outbox's data
    ///     source; nothing is stored then
    /// @throws IllegalArgumentException when no target is configured for the event's type
    void publish(OutboxEvent event);
}
