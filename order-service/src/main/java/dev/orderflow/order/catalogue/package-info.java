/// What the shop sells and for how much: the server prices an order, never its client.
///
/// Guarantee: an order is priced by what the catalogue held at most `price-cache-ttl` before.
/// Limit: within that time two instances may price differently; each order keeps the price it got.
@NullMarked
package dev.orderflow.order.catalogue;

import org.jspecify.annotations.NullMarked;
