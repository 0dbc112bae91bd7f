/// Cancels orders, for their customers and for people who act on behalf of a customer, and grants
/// the dispatch permit that excludes a cancellation.
///
/// Guarantee: of a cancellation and a dispatch permit for the same order exactly one is granted,
/// the one that is stored first; both requests may be repeated and return the same result. Limit:
/// the workflow completes an accepted cancellation by compensating its earlier steps.
@NullMarked
package dev.orderflow.order.cancellation;

import org.jspecify.annotations.NullMarked;
