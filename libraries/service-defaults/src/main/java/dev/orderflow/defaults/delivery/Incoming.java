package dev.orderflow.defaults.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// A message as its receiver holds it, and the two ways to let it go.
public interface Incoming {

    /// What was delivered.
    Delivery delivery();

    /// Takes it off its queue for good.
    ///
    /// @return completed when it is off; exceptionally when that failed, so that it comes back
    CompletableFuture<Void> acknowledge();

    /// Lets it come back after a delay.
    ///
    /// @throws RuntimeException when that cannot be said now; it comes back by itself when its
    ///     visibility time-out ends
    void hide(Duration delay);

    /// Keeps it while it waits here, and for as long as its handler may then take.
    ///
    /// @throws RuntimeException as [#hide(Duration)]
    /// @throws UnsupportedOperationException when its receiver cannot wait
    default void keep(Duration wait) {
        throw new UnsupportedOperationException("cannot wait " + wait);
    }
}
