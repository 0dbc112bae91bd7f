package dev.orderflow.order.outbox;

import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.defaults.idempotency.ConditionalInsert;

/// Stores events to be published.
public interface OrderEventPublisher {

    /// Stores an event in the caller's transaction.
    ///
    /// @throws dev.orderflow.outbox.MissingTransactionException when the caller has
    ///     no transaction
    void publish(OrderEvent event);

    /// Prepares an event of a new order, to be stored by the statement that stores the order.
    /// Unlike after [#publish], no [EventStored] is published in this process: nothing waits for an
    /// order that did not exist before.
    ConditionalInsert prepare(OrderEvent event);
}
