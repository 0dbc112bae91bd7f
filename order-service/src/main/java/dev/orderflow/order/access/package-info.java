/// Access control for orders.
///
/// Guarantee: a customer finds only their own orders and cannot tell another customer's order from
/// one that does not exist. An operator finds all orders; every read and every cancellation of
/// another customer's order is logged before the response, or the request fails.
@NullMarked
package dev.orderflow.order.access;

import org.jspecify.annotations.NullMarked;
