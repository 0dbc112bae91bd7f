/// What order-service says about an order at this moment.
///
/// Guarantee: every answer is asked for when it is needed. Limit: the order may move on between
/// the answer and what is done with it, which the consumers' idempotency makes harmless.
@NullMarked
package dev.orderflow.operations.orders;

import org.jspecify.annotations.NullMarked;
