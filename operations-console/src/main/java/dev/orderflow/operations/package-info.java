/// The operations console: what failed, why, and its safe repetition.
///
/// Guarantee: nothing is repeated or thrown away here without a record of who did it and why, and
/// whatever is repeated is safe to repeat. Limit: it looks at the services from outside, so what
/// it shows is as old as their last answer.
@NullMarked
package dev.orderflow.operations;

import org.jspecify.annotations.NullMarked;
