package dev.orderflow.order.domain;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// All orders. Whatever changes one runs in the transaction of its caller.
public interface Orders {

    /// Stores a new order.
    void add(Order order);

    /// An order with its lines.
    Optional<Order> find(UUID id);

    /// Where an order is now and whose it is, read afresh even within a transaction.
    Optional<Standing> standing(UUID id);

    /// Moves an order on if it still is where the caller thinks it is. Until the transaction ends
    /// no other can move it.
    ///
    /// @return false when another was faster
    boolean move(UUID id, State from, State to);

    /// Marks an order as needing a person.
    ///
    /// @return false when it is marked with this reason already, or does not exist
    boolean flag(UUID id, String reason);

    /// Adds a line to an order's timeline.
    void note(UUID id, Occurrence occurrence);

    /// What happened to an order after it was placed, oldest first.
    List<Occurrence> timeline(UUID id);

    /// Where an order is, and whose it is.
    record Standing(State state, CustomerRef customer) {}

    /// A customer's orders, newest first.
    ///
    /// @param before only those older than this one
    List<OrderSummary> of(CustomerRef customer, Optional<UUID> before, int limit);
}
