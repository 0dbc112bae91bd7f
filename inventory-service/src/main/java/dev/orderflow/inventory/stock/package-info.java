/// Stock and its ledger: the quantity on hand, the reserved quantity, and every change of both.
///
/// Guarantee: a change of stock and its ledger entry are one statement, and the database refuses to
/// commit one without the other. Limit: the entries of an article are in the order in which
/// transactions locked the article, not in the order of the requests.
@NullMarked
package dev.orderflow.inventory.stock;

import org.jspecify.annotations.NullMarked;
