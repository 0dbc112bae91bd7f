package dev.orderflow.localcloud.delivery;

/// Something to be brought somewhere.
public interface PendingDelivery {

    /// What it is, for the log.
    String label();

    /// Where it goes. Parcels for one place share its lane, see [DeliveryWorker].
    String lane();

    /// How long to keep trying.
    RetryPolicy patience();

    /// Tries once. An exception counts as [DeliveryAttempt.Failed].
    ///
    /// @param retry 0 for the first attempt
    DeliveryAttempt attempt(int retry);

    /// Called once when it will not be tried again.
    void givenUp(Exhausted why);
}
