package dev.orderflow.localcloud.kms;

import java.time.Duration;
import java.time.Instant;

/// The rotation settings of a key.
///
/// @param days rotation period in days
/// @param since time at which rotation was enabled
record KeyRotation(int days, Instant since) {

    /// The first rotation after an instant.
    Instant next(Instant now) {
        var period = Duration.ofDays(days);
        long past = Math.max(0, Duration.between(since, now).dividedBy(period));
        return since.plus(period.multipliedBy(past + 1));
    }
}
