/// The inventory service: what is on the shelf, what is reserved for whom, and the ledger that
/// proves both.
///
/// Guarantee: stock is never oversold, an order holds all of its lines or none, and the ledger
/// adds up to the stock at every moment. Limit: it knows what it was told of receipts and
/// shipments; it counts no shelves.
@NullMarked
package dev.orderflow.inventory;

import org.jspecify.annotations.NullMarked;
