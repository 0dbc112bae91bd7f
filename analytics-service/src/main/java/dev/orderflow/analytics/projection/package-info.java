/// The facts, and what is derived from them.
///
/// Guarantee: a fact counts once and an order only moves forward, so facts may come twice, late
/// and in any order, and a replay of all of them into empty tables makes the same figures
/// again. A batch of any size costs two statements and a commit. Limit: instances take turns at
/// the rows of the figures, for the length of one commit; the summary says how far behind the
/// figures are.
@NullMarked
package dev.orderflow.analytics.projection;

import org.jspecify.annotations.NullMarked;
