/// The HTTP APIs: `/orders` and `/catalogue` for customers' programs, `/internal` for our own
/// services, the workflow and operators.
///
/// Guarantee: every refusal is a problem (RFC 9457) with a type; a request that cannot be read, is
/// above a limit or names something unknown changes nothing. Who the caller is comes from the token
/// that the `security` package has checked, and from nothing that the caller writes beside it.
@NullMarked
package dev.orderflow.order.web;

import org.jspecify.annotations.NullMarked;
