package dev.orderflow.notification.channel;

/// The result of sending one message.
public enum SendResult {
    /// Accepted for delivery.
    SENT,
    /// Certainly not sent; a repetition may succeed.
    NOT_SENT,
    /// Refused for good.
    REJECTED,
    /// No response, or one that does not say whether it was accepted: it may have been sent.
    UNKNOWN
}
