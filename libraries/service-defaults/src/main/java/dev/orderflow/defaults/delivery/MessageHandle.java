package dev.orderflow.defaults.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// A message as its receiver holds it, and the two ways to let it go.
public interface MessageHandle {

    /// What was delivered.
    ReceivedMessage message();

    /// Takes it off its queue for good.
    ///
    /// @return completed when it is off; exceptionally when that failed, so that it comes back
    CompletableFuture<Void> acknowledge();

    /// Lets it come back after a delay.
    ///
    /// @throws RuntimeException when that cannot be said now; it comes back by itself when its
    ///     visibility time-out ends
    void changeVisibility(Duration delay);

    /// Keeps it while it waits here, and for as long as its handler may then take.
    ///
    /// @throws RuntimeException as [#changeVisibility(Duration)]
    /// @throws UnsupportedOperationException when its receiver cannot wait
    default void extendVisibility(Duration wait) {
        throw new UnsupportedOperationException("cannot wait " + wait);
    }
}
