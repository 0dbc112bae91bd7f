/// The client of order-service's internal API.
///
/// Guarantee: only a well-formed response for the requested order counts; anything else is an
/// unknown outcome. Limit: one call without retries, since the check is repeated.
@NullMarked
package dev.orderflow.inventory.orders;

import org.jspecify.annotations.NullMarked;
