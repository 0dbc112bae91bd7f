package dev.orderflow.outbox;

import java.util.Set;

/// Takes part in the transactions that park and release events, for example to open and close a
/// ticket with them. An exception rolls the transaction back: an event that was to be parked is
/// deferred and reported as blocked, and the relay tries to park it again.
public interface ParkedEventListener {

    /// An event is parked.
    ///
    /// @param reason the target's error code, or that an earlier event of its key is parked
    void onParked(OutboxEvent event, String reason);

    /// All parked events of some keys are put back to be published, or the last one was discarded.
    void onReleased(Set<String> keys);

    /// A listener that does nothing.
    static ParkedEventListener none() {
        return new ParkedEventListener() {
            @Override
            public void onParked(OutboxEvent event, String reason) {}

            @Override
            public void onReleased(Set<String> keys) {}
        };
    }
}
