/// The facts and the projections derived from them.
///
/// Guarantee: a fact counts once and an order's state only moves forward, so facts may be delivered
/// repeatedly, late and in any order, and a replay of all facts into empty tables produces the same
/// projections. A batch of any size costs two statements and a commit. Limit: instances lock the
/// rows of the projections one after the other, for the duration of one commit; the summary reports
/// the lag.
@NullMarked
package dev.orderflow.analytics.projection;

import org.jspecify.annotations.NullMarked;
