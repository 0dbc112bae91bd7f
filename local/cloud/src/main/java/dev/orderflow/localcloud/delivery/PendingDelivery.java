package dev.orderflow.localcloud.delivery;

/// One message for one destination, retried by [DeliveryWorker].
public interface PendingDelivery {

    /// A description for log messages. Contains ids, no payload.
    String description();

    /// Identifies the destination. Deliveries with the same key share its concurrency limit, see
    /// [DeliveryWorker].
    String destinationKey();

    /// How often and how long to retry.
    RetryPolicy retryPolicy();

    /// Makes one attempt. An exception counts as [DeliveryAttempt.RetryableFailure].
    ///
    /// @param retry 0 for the first attempt, then 1, 2 and so on
    DeliveryAttempt attempt(int retry);

    /// Called once when no further attempt will be made.
    void onExhausted(Exhausted exhausted);
}
