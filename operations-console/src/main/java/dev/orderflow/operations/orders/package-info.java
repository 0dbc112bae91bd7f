/// The current state of orders, read from order-service, and their cancellation.
///
/// Guarantee: the state is read when it is needed and never cached beyond one view. Limit: the
/// order may change between the response and its use; the consumers' idempotency makes that
/// harmless.
@NullMarked
package dev.orderflow.operations.orders;

import org.jspecify.annotations.NullMarked;
