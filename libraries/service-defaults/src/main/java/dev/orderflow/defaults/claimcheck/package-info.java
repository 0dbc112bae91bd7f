/// Redeems events that are too large for the bus: what travels is a claim check, the detail lies
/// in S3.
///
/// Guarantee: what a handler reads is the very detail that was published, or nothing. Limit: an
/// object that has expired is gone; the bucket keeps objects for longer than the archive keeps
/// events.
@NullMarked
package dev.orderflow.defaults.claimcheck;

import org.jspecify.annotations.NullMarked;
