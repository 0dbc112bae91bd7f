package dev.orderflow.notification.channel;

/// What became of something that was handed over to be sent.
public enum Handed {
    /// It is on its way.
    OVER,
    /// It was refused and has certainly not left; a later try may go better.
    NOT_NOW,
    /// It was refused for good.
    NEVER,
    /// No answer, or none that tells: it may have left.
    UNKNOWN
}
