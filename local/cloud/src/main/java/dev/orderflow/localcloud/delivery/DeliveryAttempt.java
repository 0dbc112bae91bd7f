package dev.orderflow.localcloud.delivery;

/// What came of one attempt to deliver.
public sealed interface DeliveryAttempt {

    /// It is there.
    record Delivered() implements DeliveryAttempt {}

    /// The place may take it later: unreachable, throttled, failing.
    ///
    /// @param code what went wrong, in the sender's vocabulary
    record RetryableFailure(String code, String message) implements DeliveryAttempt {}

    /// The place will never take it: gone, forbidden, or the thing itself is wrong.
    ///
    /// @param code what went wrong, in the sender's vocabulary
    record PermanentFailure(String code, String message) implements DeliveryAttempt {}
}
