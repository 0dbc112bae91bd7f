package dev.orderflow.localcloud.kms;

import java.time.Duration;
import java.time.Instant;

/// That a key is rotated.
///
/// @param days between two rotations
/// @param since when it was switched on
record Rotation(int days, Instant since) {

    /// The first rotation after a moment.
    Instant next(Instant now) {
        var period = Duration.ofDays(days);
        long past = Math.max(0, Duration.between(since, now).dividedBy(period));
        return since.plus(period.multipliedBy(past + 1));
    }
}
