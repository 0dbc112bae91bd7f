/// Reservations: hold all lines of an order or none, let go, settle, expire.
///
/// Guarantee: each order's reservation takes effect at most once, however often and in whatever
/// order it is reserved, released, shipped and looked at, on any number of instances; a release
/// that comes first refuses a late reservation. Stock expires only when order-service says that
/// the order is over. Limit: an order that order-service does not know keeps its stock until a
/// person releases it.
@NullMarked
package dev.orderflow.inventory.reservation;

import org.jspecify.annotations.NullMarked;
