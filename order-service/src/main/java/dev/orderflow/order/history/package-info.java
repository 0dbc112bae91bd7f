/// The history of one order for operators: what the tables of this service hold about it.
///
/// Guarantee: the number of statements does not depend on the order, and each uses an index by the
/// order's id, except the one on the waiting events of the outbox, which are few. Limit: an event
/// that was published leaves no row here; the histories of its consumers show that it was.
@NullMarked
package dev.orderflow.order.history;

import org.jspecify.annotations.NullMarked;
