/// The figures over HTTP.
///
/// Guarantee: every answer is of one moment, and whatever is asked gets it or a typed problem.
/// Limit: figures are public and hold nobody's data; what was heard of one order is for callers
/// with the internal API key.
@NullMarked
package dev.orderflow.analytics.web;

import org.jspecify.annotations.NullMarked;
