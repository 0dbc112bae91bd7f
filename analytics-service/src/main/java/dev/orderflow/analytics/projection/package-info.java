/// The facts, and what is derived from them.
///
/// Guarantee: a fact counts once, and an order only moves forward, so facts may come twice, late
/// and in
/// any order, and a replay of all of them leaves every figure as it was. Limit: figures lag behind
/// by
/// as long as messages wait; the summary says how long that was last.
@NullMarked
package dev.orderflow.analytics.projection;

import org.jspecify.annotations.NullMarked;
