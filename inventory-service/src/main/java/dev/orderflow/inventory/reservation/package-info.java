/// Reservations: reserve the stock of all lines of an order or of none, release it, deduct what
/// was shipped, and let overdue reservations expire.
///
/// Guarantee: each order's reservation takes effect at most once, however often and in whatever
/// order it is requested, released, shipped and checked, on any number of instances; a release
/// that arrives first refuses a later reservation. Stock expires only when order-service reports
/// that the order has ended. Limit: an order that order-service does not know keeps its stock
/// until an operator releases it.
@NullMarked
package dev.orderflow.inventory.reservation;

import org.jspecify.annotations.NullMarked;
