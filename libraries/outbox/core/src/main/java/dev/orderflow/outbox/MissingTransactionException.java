package dev.orderflow.outbox;

/// An event was to be stored without a transaction on the outbox's data source: it would have been
/// published even if the change it reports failed.
public final class MissingTransactionException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    MissingTransactionException(OutboxEvent event) {
        super(
                "event %s of type %s was not stored: OutboxPublisher.publish must be called in a transaction on the outbox's data source, for example in a @Transactional method"
                        .formatted(event.id(), event.type()));
    }
}
