/// Stock, reservations, and the ledger of all stock changes.
///
/// Guarantee: stock is never oversold, an order holds all of its lines or none, and the ledger
/// equals the stock at every moment. Limit: the service knows receipts and shipments only as they
/// are reported to it; a physical count is out of its scope.
@NullMarked
package dev.orderflow.inventory;

import org.jspecify.annotations.NullMarked;
