package dev.orderflow.outbox;

/// Stores the payloads of events that are too large for their target.
public interface PayloadStore {

    /// Stores an event's payload under a name that is the same for the same event, so that a repeat
    /// replaces it.
    StoreResult store(OutboxEvent event);

    /// Where a payload is stored, and how to verify it.
    ///
    /// @param container the bucket
    /// @param name the object's key in it
    /// @param bytes the payload's length
    /// @param sha256 of the payload, in lower-case hex
    record StoredPayload(String container, String name, int bytes, String sha256) {}

    /// Whether the payload is stored.
    sealed interface StoreResult {

        /// It is stored.
        record PayloadStored(StoredPayload payload) implements StoreResult {}

        /// The store failed or cannot be reached; the event is retried later.
        record StoreUnavailable(String reason) implements StoreResult {}
    }
}
