package dev.orderflow.order.outbox;

import dev.orderflow.contracts.OrderEvent;

/// Stores events to be published.
public interface OrderEventPublisher {

    /// Stores an event in the caller's transaction.
    ///
    /// @throws dev.orderflow.outbox.MissingTransactionException when the caller has
    ///     no transaction
    void publish(OrderEvent event);
}
