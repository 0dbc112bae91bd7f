package dev.orderflow.defaults.delivery;

import java.time.Duration;

/// A message as its receiver holds it, and the two ways to let it go.
public interface Incoming {

    /// What was delivered.
    Delivery delivery();

    /// Takes it off its queue for good.
    void acknowledge();

    /// Lets it come back after a delay.
    ///
    /// @throws RuntimeException when that cannot be said now; it comes back by itself when its
    ///     visibility time-out ends
    void hide(Duration delay);
}
