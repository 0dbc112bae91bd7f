package dev.orderflow.localcloud.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that runs `factor` times as fast as the wall clock, starting when it is created.
///
/// With a factor of 60 an hour of cloud time passes in one minute. All waits of the local cloud
/// (retries, visibility time-outs, alarms, task time-outs) use this clock and convert durations
/// with [#toWallTime(Duration)].
public final class CloudClock extends Clock {

    private final InstantSource wall;
    private final Instant origin;
    private final double factor;

    /// @param factor speed relative to the wall clock, at least 1
    /// @throws IllegalArgumentException when the factor is below 1 or not finite
    public CloudClock(double factor) {
        this(InstantSource.system(), factor);
    }

    /// A clock on a wall clock that a test sets. [#toWallTime(Duration)] does not read it.
    ///
    /// @param factor speed relative to the wall clock, at least 1
    /// @throws IllegalArgumentException when the factor is below 1 or not finite
    public CloudClock(InstantSource wall, double factor) {
        if (!Double.isFinite(factor) || factor < 1) {
            throw new IllegalArgumentException("clock factor must be at least 1 but was " + factor);
        }
        this.wall = wall;
        this.origin = wall.instant();
        this.factor = factor;
    }

    /// Converts a duration of cloud time to wall-clock time; at least one millisecond unless it is
    /// zero.
    public Duration toWallTime(Duration cloudTime) {
        if (cloudTime.isZero() || cloudTime.isNegative()) {
            return Duration.ZERO;
        }
        long nanos = (long) (cloudTime.toNanos() / factor);
        return Duration.ofNanos(Math.max(nanos, 1_000_000));
    }

    /// The speed relative to the wall clock.
    public double factor() {
        return factor;
    }

    /// The current wall-clock time, which clients' own clocks use too.
    public Instant wallInstant() {
        return wall.instant();
    }

    @Override
    public Instant instant() {
        return origin.plusNanos(
                (long) (Duration.between(origin, wall.instant()).toNanos() * factor));
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return zone.equals(ZoneOffset.UTC)
                ? this
                : Clock.offset(this, Duration.ZERO).withZone(zone);
    }
}
