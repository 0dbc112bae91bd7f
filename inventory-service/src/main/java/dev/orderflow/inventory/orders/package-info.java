/// Asks order-service over its internal API.
///
/// Guarantee: only a clear answer for the very order counts; anything else is unknown. Limit:
/// one call, no retries here; the question comes again.
@NullMarked
package dev.orderflow.inventory.orders;

import org.jspecify.annotations.NullMarked;
