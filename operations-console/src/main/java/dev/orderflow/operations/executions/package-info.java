/// Workflows that failed, timed out or were aborted, and their way on.
///
/// Guarantee: a redriven execution goes on at the state that failed with the same idempotency
/// keys, and the same failure is redriven once however often it is asked for. Limit: Step
/// Functions redrives for 14 days and a thousand times; what it refuses is said by name.
@NullMarked
package dev.orderflow.operations.executions;

import org.jspecify.annotations.NullMarked;
