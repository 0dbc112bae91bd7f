package dev.orderflow.outbox;

import java.util.List;

/// Receives what a relay does, for meters and records. Called on the relay's own thread; must
/// return at once. What it throws is logged and has no other effect.
public interface RelayObserver {

    /// Events were accepted by the target, repeats included.
    default void onPublished(int events) {}

    /// An event was rejected for its content.
    default void onRejected() {}

    /// Events will be sent again later.
    default void onRetried(int events) {}

    /// An event was parked.
    default void onParked() {}

    /// The target did not take a call: it was unavailable, throttled or blocked.
    default void onCallFailed() {}

    /// Events were not accepted and stay in the outbox, to be sent again or parked. Whether the
    /// target has them may be unknown.
    ///
    /// @param events the oldest of each key
    /// @param reason the target's error code
    default void onNotPublished(List<OutboxEvent> events, String reason) {}

    /// An observer that passes everything to several others, in turn.
    static RelayObserver all(List<RelayObserver> observers) {
        return new RelayObservers(observers);
    }

    /// An observer that ignores everything.
    static RelayObserver none() {
        return new RelayObserver() {};
    }
}
