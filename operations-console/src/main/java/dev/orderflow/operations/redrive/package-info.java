/// Redrives as they run: one at a time for each target, throttled, with progress in the database.
///
/// Guarantee: a target has one running redrive on however many instances, held by a lease; the
/// intent is audited before the first message moves and the result after the last. Limit: a
/// redrive does not go on by itself after its instance died; it is shown as abandoned and somebody
/// starts another, which is safe.
@NullMarked
package dev.orderflow.operations.redrive;

import org.jspecify.annotations.NullMarked;
