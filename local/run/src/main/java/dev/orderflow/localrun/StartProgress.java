package dev.orderflow.localrun;

import java.time.Duration;

/// Receives the progress of the start of a system.
@FunctionalInterface
public interface StartProgress {

    /// The ports are free and the data can be used, so the first components start now.
    default void reportStarting() {}

    /// A part is up.
    ///
    /// @param what its name, and where it listens
    /// @param took how long it took to start
    void reportStarted(String what, Duration took);

    /// Nothing has come up for a few seconds.
    ///
    /// @param what is being started
    default void reportWaiting(String what) {}

    /// For tests.
    StartProgress SILENT = (_, _) -> {};
}
