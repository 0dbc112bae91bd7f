package dev.orderflow.order.outbox;

import dev.orderflow.contracts.OrderEvent;

/// Events that wait in the order's database to be published.
public interface Outbox {

    /// Stores an event with the caller's transaction, or not at all.
    ///
    /// @throws org.springframework.transaction.IllegalTransactionStateException when the caller has
    ///     no transaction
    void add(OrderEvent event);
}
