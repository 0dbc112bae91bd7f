package dev.orderflow.payment.operation;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// The payments whose outcome nobody knows, and when the gateway is to be asked about each.
public interface UnknownOutcomes {

    /// @param overdue whether it is so long ago that the gateway was asked for it that one which
    ///     still says "not done" is believed
    record DueOutcome(UUID orderId, boolean overdue) {}

    /// The gateway is about to be asked for something, perhaps again; its outcome is open until
    /// it is settled.
    ///
    /// @param firstAsk when somebody else should ask, if nobody settles it before
    void register(UUID orderId, Duration firstAsk);

    /// Somebody should ask after this time.
    void scheduleStatusCheck(UUID orderId, Duration delay);

    /// The outcome is known.
    void remove(UUID orderId);

    /// Takes up to `limit` outcomes that are due, for this caller alone, and puts each off to its
    /// next time.
    List<DueOutcome> claimDue(
            int limit, Duration firstWait, Duration longestWait, Duration believeAfter);

    /// Whether it is longer ago than this that the gateway was asked last, in the caller's
    /// transaction.
    boolean isOverdue(UUID orderId, Duration believeAfter);

    /// How many are open for longer than a request takes.
    long countOlderThan(Duration age);
}
