package dev.orderflow.order.domain;

import dev.orderflow.contracts.value.CustomerRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// All orders. Whatever changes one runs in the transaction of its caller.
public interface Orders {

    /// Stores a new order. Its personal data is unreadable where it is stored.
    void add(Order order, PersonalData.AvailablePersonalData personalData);

    /// An order with its lines.
    Optional<Order> find(UUID id);

    /// What there is of an order's personal data, for the moment of its use. Not to be asked within
    /// a transaction: whoever keeps the key may have to be asked too.
    Optional<PersonalData> findPersonalData(UUID id);

    /// Where an order is now and whose it is, read afresh even within a transaction.
    Optional<OrderStatus> findStatus(UUID id);

    /// Moves an order on if it still is where the caller thinks it is. Until the transaction ends
    /// no other can move it.
    ///
    /// @return false when another was faster
    boolean move(UUID id, OrderState from, OrderState to);

    /// Puts an order before a person. Doing so again for the same concern and reason changes
    /// nothing; another reason replaces the earlier one. A final state settles
    /// [WorkItemKind#WORKFLOW_FAILED], and any move [WorkItemKind#STUCK]; the others stay until
    /// somebody resolves them. An order that has ended is not [WorkItemKind#STUCK], whatever the
    /// caller saw of it before.
    ///
    /// @return false when that was known, or there is no such order
    boolean raiseWorkItem(UUID id, WorkItemKind concern, String reason);

    /// What moved or was flagged after a moment, in the order in which it was recorded, and where
    /// each of those orders stands now.
    ///
    /// Transactions do not commit in the order in which they began, so the latest moments are left
    /// out until those that began then have long ended. Who follows all orders misses none.
    ///
    /// @param at the moment of the last change known
    /// @param number its number, so that changes of the same moment are told apart
    List<OrderChange> findChangesAfter(Instant at, long number, int limit);

    /// Adds a line to an order's timeline.
    void appendToTimeline(UUID id, TimelineEntry occurrence);

    /// What happened to an order after it was placed, oldest first.
    List<TimelineEntry> timeline(UUID id);

    /// Where an order is, and whose it is.
    record OrderStatus(OrderState state, CustomerRef customer) {}

    /// A customer's orders, newest first.
    ///
    /// @param before only those older than this one
    List<OrderSummary> findByCustomer(CustomerRef customer, Optional<UUID> before, int limit);
}
