/// The summary over HTTP.
///
/// Guarantee: every response is a consistent snapshot, and an invalid request is answered with a
/// typed problem. Limit: the summary is internal, too: it contains no personal data, but the
/// revenue.
@NullMarked
package dev.orderflow.analytics.web;

import org.jspecify.annotations.NullMarked;
