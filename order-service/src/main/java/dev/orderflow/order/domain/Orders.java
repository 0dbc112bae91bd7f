package dev.orderflow.order.domain;

import dev.orderflow.contracts.value.CustomerRef;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The repository of all stored orders. Every method that changes an order runs in the caller's
/// transaction.
public interface Orders {

    /// An order with its lines.
    Optional<Order> find(UUID id);

    /// Decrypts an order's personal data. Call it outside of a transaction: it may call KMS.
    Optional<PersonalData> findPersonalData(UUID id);

    /// The current state and the customer of an order, always read from the database, even within a
    /// transaction that has read the order before.
    Optional<OrderStateAndCustomer> findState(UUID id);

    /// The current states and totals of orders, and which of them have an open work item.
    ///
    /// @return one element for each order that exists, in no particular sequence
    List<OrderStateSummary> findStateSummaries(Collection<UUID> ids);

    /// Moves an order to another state if it still is in the expected state. The row stays locked
    /// until the transaction ends.
    ///
    /// @return false when the order was no longer in `from`
    boolean move(UUID id, OrderState from, OrderState to);

    /// The timeline entries recorded after the given cursor, in the sequence of recording, each
    /// with the current state of its order.
    ///
    /// An entry is recorded with the time at which its transaction began, and transactions do not
    /// commit in that sequence. Therefore entries since the oldest open transaction began are left
    /// out, as are those of the last two seconds, and a client that follows the cursor misses no
    /// change. Call it outside of a transaction.
    ///
    /// @param at when the last known change was recorded
    /// @param number the number of that change, which distinguishes changes with the same time
    List<OrderChange> findChangesAfter(Instant at, long number, int limit);

    /// Appends an entry to an order's timeline.
    void appendToTimeline(UUID id, TimelineEntry entry);

    /// The timeline of an order since it was placed, oldest entry first.
    List<TimelineEntry> timeline(UUID id);

    /// The state and the customer of an order.
    record OrderStateAndCustomer(OrderState state, CustomerRef customer) {}

    /// A customer's orders, newest first.
    ///
    /// @param before returns only orders older than this one
    List<OrderSummary> findByCustomer(CustomerRef customer, Optional<UUID> before, int limit);
}
