package dev.orderflow.notification.channel;

/// How far telling some news came.
public sealed interface NotificationResult {

    /// Nothing is left to do here; what is unknown is in the log.
    record NotificationCompleted() implements NotificationResult {}

    /// It is not possible now; it is worth trying again.
    record NotificationDeferred(String reason) implements NotificationResult {}

    /// Something that all news need does not answer.
    ///
    /// @param dependency what it is, by its name
    record NotificationDependencyUnavailable(String dependency, String reason)
            implements NotificationResult {}

    /// Trying again does not help; a person must look.
    ///
    /// @param why in words, the same for all that are alike
    record NotificationRejected(String reason) implements NotificationResult {}

    /// The worse of two.
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
