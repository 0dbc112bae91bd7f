package dev.orderflow.notification.channel;

/// What became of something that was handed over to be sent.
public enum SendResult {
    /// It is on its way.
    SENT,
    /// It was refused and has certainly not left; a later try may go better.
    NOT_SENT,
    /// It was refused for good.
    REJECTED,
    /// No answer, or none that tells: it may have left.
    UNKNOWN
}
