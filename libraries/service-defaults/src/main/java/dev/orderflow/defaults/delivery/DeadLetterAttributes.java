package dev.orderflow.defaults.delivery;

/// The message attributes of a dead letter that its consumer rejected.
public final class DeadLetterAttributes {

    /// Why the message was rejected.
    public static final String REASON = "reason";

    /// Equal for messages of one queue with the same reason: hexadecimal digits.
    public static final String FINGERPRINT = "fingerprint";

    /// The name of the queue that the message was received from.
    public static final String SOURCE_QUEUE = "source-queue";

    /// The id that the message had in that queue.
    public static final String SOURCE_MESSAGE_ID = "source-message-id";

    private DeadLetterAttributes() {}
}
