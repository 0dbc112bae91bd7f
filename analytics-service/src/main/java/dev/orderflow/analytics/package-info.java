/// The analytics service: what happened to orders, and the figures made of it.
///
/// Guarantee: every fact counts once, in whatever order and however often it comes, and a
/// replay of all facts makes the same figures again. Limit: figures lag behind the orders;
/// nothing that matters to an order waits for them.
@NullMarked
package dev.orderflow.analytics;

import org.jspecify.annotations.NullMarked;
