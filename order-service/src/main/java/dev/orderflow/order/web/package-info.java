/// The HTTP API of orders and of the catalogue, public and internal.
///
/// One rule for controllers: a vertical slice (`approval`, `workitems`, `workflow`, `personaldata`,
/// `publishing`) has its own controller; `web` has the controllers of the core, whose packages
/// (`placement`, `cancellation`, `access`, `catalogue`) know no HTTP. `web` uses no vertical slice.
///
/// Guarantee: every error is a problem (RFC 9457) with a type; a request that is malformed, exceeds
/// a limit or contains an unknown value changes nothing. The caller comes from the access token
/// that the `security` package has validated, and from nothing else in the request.
@NullMarked
package dev.orderflow.order.web;

import org.jspecify.annotations.NullMarked;
