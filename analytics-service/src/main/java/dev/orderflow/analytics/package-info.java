/// The analytics service: records what happened to orders and summarises it.
///
/// Guarantee: every fact counts once, in any order and however often it is delivered, and a replay
/// of all facts produces the same summary. Limit: the summary lags behind the orders, and no order
/// depends on it.
@NullMarked
package dev.orderflow.analytics;

import org.jspecify.annotations.NullMarked;
