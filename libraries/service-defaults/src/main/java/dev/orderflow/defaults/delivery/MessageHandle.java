package dev.orderflow.defaults.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// A received message and what its receiver can do with it.
public interface MessageHandle {

    /// The message.
    ReceivedMessage message();

    /// Deletes the message from its queue.
    ///
    /// @return completed when it is deleted; completed exceptionally when that failed, and then the
    ///     message is delivered again
    CompletableFuture<Void> acknowledge();

    /// Makes the message visible again after a delay.
    ///
    /// @throws RuntimeException when the call fails; the message becomes visible when its current
    ///     visibility time-out ends
    void changeVisibility(Duration delay);

    /// Hides the message while it waits in this instance, and for as long as its handler may then
    /// take.
    ///
    /// @throws RuntimeException as [#changeVisibility(Duration)]
    /// @throws UnsupportedOperationException when its receiver does not support waiting
    default void extendVisibility(Duration wait) {
        throw new UnsupportedOperationException(
                "this receiver cannot extend the visibility time-out by " + wait);
    }
}
