/// Lists, redrives and dismisses workflows that failed, timed out or were aborted.
///
/// Guarantee: a redriven execution continues at the failed state with the same idempotency keys,
/// and repeated requests redrive the same failure once. Limit: Step Functions allows a redrive for
/// 14 days and a thousand times; a refusal is reported with its error.
@NullMarked
package dev.orderflow.operations.executions;

import org.jspecify.annotations.NullMarked;
