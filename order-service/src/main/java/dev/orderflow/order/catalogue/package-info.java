/// The articles of the shop and their prices. The server prices an order, never the client.
///
/// Guarantee: an order is priced with prices that were current at most `price-cache-ttl` before.
/// Limit: within that time two instances may use different prices; each order keeps its prices.
@NullMarked
package dev.orderflow.order.catalogue;

import org.jspecify.annotations.NullMarked;
