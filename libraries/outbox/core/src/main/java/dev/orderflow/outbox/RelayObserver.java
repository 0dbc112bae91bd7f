package dev.orderflow.outbox;

/// Receives what a relay does, for meters. Called on the relay's own thread; must return at once.
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

    /// An observer that ignores everything.
    static RelayObserver none() {
        return new RelayObserver() {};
    }
}
