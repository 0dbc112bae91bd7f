package dev.orderflow.localcloud.delivery;

/// The result of one delivery attempt.
public sealed interface DeliveryAttempt {

    /// The destination accepted the delivery.
    record Delivered() implements DeliveryAttempt {}

    /// The destination may accept it later: it is unreachable, throttles or fails.
    ///
    /// @param code the sender's error code
    record RetryableFailure(String code, String message) implements DeliveryAttempt {}

    /// The destination will never accept it: it does not exist, access is denied, or the content is
    /// invalid.
    ///
    /// @param code the sender's error code
    record PermanentFailure(String code, String message) implements DeliveryAttempt {}
}
