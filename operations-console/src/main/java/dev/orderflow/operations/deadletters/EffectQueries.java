package dev.orderflow.operations.deadletters;

/// Queries whether messages had their effect at the services that process them.
interface EffectQueries {

    /// Whether a message had its effect.
    enum EffectState {
        /// The effect exists: this message, or another with the same request, was processed.
        DONE,
        /// The effect does not exist yet.
        MISSING,
        /// The effect cannot be queried, or the service did not respond.
        UNKNOWN
    }

    /// Whether the consumer of a queue has handled this very message, which a redrive sent. Does
    /// not throw.
    ///
    /// @param messageId the id that SQS gave it when it was sent
    EffectState ofMessage(ConsumerQueue consumer, RedactedContents contents, String messageId);

    /// Whether the consumer of a queue can tell that it has handled a message: it records that in
    /// the history of the order. The console does not ask analytics-service.
    default boolean canTell(ConsumerQueue consumer, RedactedContents contents) {
        return switch (consumer) {
            case ANALYTICS -> false;
            case FULFILMENT_REQUESTS,
                    ORDER_PROGRESS,
                    APPROVAL_REQUESTS,
                    WORKFLOW_FAILURES,
                    STOCK_DEDUCTIONS,
                    SHIPPING_REQUESTS,
                    SHIPPING_CANCELLATIONS,
                    NOTIFICATIONS ->
                    contents.orderId().isPresent();
        };
    }

    /// Whether a message of a queue had its effect. Does not throw.
    EffectState of(ConsumerQueue consumer, RedactedContents contents);
}
