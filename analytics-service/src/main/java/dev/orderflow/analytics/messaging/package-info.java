/// Hears facts over SQS, a batch at a time.
///
/// Guarantee: a fact is acknowledged only after it is committed, one that cannot be read is
/// dead-lettered with the reason, and neither keeps the others of its batch waiting. Limit:
/// facts come more than once and in any order.
@NullMarked
package dev.orderflow.analytics.messaging;

import org.jspecify.annotations.NullMarked;
