/// The shelf and its books: how many there are, how many are spoken for, and every change there
/// ever was.
///
/// Guarantee: a change of stock and its entry in the ledger are one statement, and the database
/// refuses to commit one without the other. Limit: entries are booked in the order in which
/// they got hold of the article, not in which they were asked for.
@NullMarked
package dev.orderflow.inventory.stock;

import org.jspecify.annotations.NullMarked;
