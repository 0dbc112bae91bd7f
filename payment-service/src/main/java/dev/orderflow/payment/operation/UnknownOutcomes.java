package dev.orderflow.payment.operation;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// The payments whose outcome is unknown, with the time of their next status check.
public interface UnknownOutcomes {

    /// Registers that the gateway is about to be called, perhaps again, and that the outcome is
    /// unknown until [#remove].
    ///
    /// @param firstCheck the time until the first status check
    void register(UUID orderId, Duration firstCheck);

    /// Sets the time until the next status check.
    void scheduleStatusCheck(UUID orderId, Duration delay);

    /// Removes a payment whose outcome is known.
    void remove(UUID orderId);

    /// Claims up to `limit` payments whose status check is due, for this caller alone, and
    /// schedules the next check of each with exponential back-off.
    ///
    /// @return the ids of their orders
    List<UUID> claimDue(int limit, Duration initialBackoff, Duration maxBackoff);

    /// Whether the last call to the gateway is longer ago than this, so that a gateway that reports
    /// "not done" is right. Call it while the payment is locked: no other call begins then.
    boolean isOverdue(UUID orderId, Duration assumeNotDoneAfter);

    /// Counts the payments whose outcome is unknown for longer than `age`.
    long countOlderThan(Duration age);
}
