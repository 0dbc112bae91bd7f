/// The figures over HTTP.
///
/// Guarantee: every answer is of one moment, and whatever is asked gets it or a typed problem.
/// Limit: all of it is for callers with the internal API key, the figures too: they hold nobody's
/// data, but what is earned.
@NullMarked
package dev.orderflow.analytics.web;

import org.jspecify.annotations.NullMarked;
