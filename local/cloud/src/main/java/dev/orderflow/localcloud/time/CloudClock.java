package dev.orderflow.localcloud.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that runs `factor` times as fast as the wall clock, from the moment it was made.
///
/// With a factor of 60 an hour of the cloud's time passes in a minute. Everything in the local
/// cloud that waits (retries, visibility, alarms, task time-outs) reads this clock and converts its
/// waits with [#real(Duration)].
public final class CloudClock extends Clock {

    private final Clock wall;
    private final Instant origin;
    private final double factor;

    /// @param factor how much faster than the wall clock, at least 1
    /// @throws IllegalArgumentException when the factor is below 1 or not finite
    public CloudClock(double factor) {
        this(Clock.systemUTC(), factor);
    }

    private CloudClock(Clock wall, double factor) {
        if (!Double.isFinite(factor) || factor < 1) {
            throw new IllegalArgumentException("clock factor must be at least 1 but was " + factor);
        }
        this.wall = wall;
        this.origin = wall.instant();
        this.factor = factor;
    }

    /// How long a span of the cloud's time takes on the wall clock, at least a millisecond unless
    /// zero.
    public Duration real(Duration cloudTime) {
        if (cloudTime.isZero() || cloudTime.isNegative()) {
            return Duration.ZERO;
        }
        long nanos = (long) (cloudTime.toNanos() / factor);
        return Duration.ofNanos(Math.max(nanos, 1_000_000));
    }

    /// How much faster than the wall clock this one runs.
    public double factor() {
        return factor;
    }

    /// What the wall clock says, which is what a client's own clock says too.
    public Instant wallInstant() {
        return wall.instant();
    }

    /// The cloud's time when the wall clock says `then`.
    ///
    /// @param then at most a century away
    public Instant at(Instant then) {
        return origin.plusNanos((long) (Duration.between(origin, then).toNanos() * factor));
    }

    @Override
    public Instant instant() {
        return at(wall.instant());
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
