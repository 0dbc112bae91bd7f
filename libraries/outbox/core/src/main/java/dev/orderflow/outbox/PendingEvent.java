package dev.orderflow.outbox;

import org.jspecify.annotations.Nullable;

/// A row of the outbox.
///
/// @param rowId grows in the sequence in which a key's events were stored
/// @param attempts how often it was rejected so far for its content
/// @param deferrals how often it was deferred so far for reasons that are not its own
/// @param isBehindParked whether an earlier event of its key is parked
/// @param unreadable why the row is no event, if it is none; its event then is a placeholder
record PendingEvent(
        long rowId,
        Shard shard,
        int attempts,
        int deferrals,
        boolean isBehindParked,
        @Nullable String unreadable,
        OutboxEvent event) {

    String key() {
        return event.key();
    }

    /// Whether it was sent before, so that `outbox_retry` has a row to delete.
    boolean isRetried() {
        return attempts + deferrals > 0;
    }
}
