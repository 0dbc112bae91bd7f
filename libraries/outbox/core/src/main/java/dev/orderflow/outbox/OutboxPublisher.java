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

    /// Prepares the insert of an event as a part of the caller's own statement, which saves its
    /// round trip. Nothing is stored until the caller executes that statement.
    ///
    /// @throws IllegalArgumentException when no target is configured for the event's type
    OutboxInsert prepare(OutboxEvent event);
}
