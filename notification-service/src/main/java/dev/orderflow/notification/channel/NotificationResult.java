package dev.orderflow.notification.channel;

/// The result of sending the notifications of one event.
public sealed interface NotificationResult {

    /// Nothing is left to do. An unknown delivery status counts as completed and was logged.
    record NotificationCompleted() implements NotificationResult {}

    /// Not possible now; a repetition may succeed.
    record NotificationDeferred(String reason) implements NotificationResult {}

    /// A dependency that all notifications need does not respond.
    ///
    /// @param dependency its name
    record NotificationDependencyUnavailable(String dependency, String reason)
            implements NotificationResult {}

    /// A repetition would fail in the same way; an operator must look.
    ///
    /// @param reason in the same words for every event, so that dead letters can be grouped by it
    record NotificationRejected(String reason) implements NotificationResult {}

    /// The more serious of two results.
    default NotificationResult combine(NotificationResult other) {
        return switch (this) {
            case NotificationRejected _ -> this;
            case NotificationDependencyUnavailable _ ->
                    other instanceof NotificationRejected ? other : this;
            case NotificationDeferred _ -> other instanceof NotificationCompleted ? this : other;
            case NotificationCompleted _ -> other;
        };
    }
}
