package dev.orderflow.defaults.database;

import java.time.Duration;

/// Converts durations to parameters of SQL.
public final class IntervalSeconds {

    private IntervalSeconds() {}

    /// The `secs` of `make_interval(secs => …)`, exact to the millisecond.
    public static double of(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
