/// Reads events that are too large for the bus: the bus carries a claim check, and the detail is an
/// object in S3.
///
/// Guarantee: a handler receives exactly the detail that was published, or no message. Limit:
/// expired objects cannot be read; the bucket keeps objects longer than the archive keeps events.
@NullMarked
package dev.orderflow.defaults.claimcheck;

import org.jspecify.annotations.NullMarked;
