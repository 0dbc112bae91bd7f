/// The HTTP APIs: `/orders` and `/catalogue` for customers' programs, `/internal` for our own
/// services, the workflow and operators.
///
/// Guarantee: every refusal is a problem (RFC 9457) with a type; a request that cannot be read, is
/// above a limit or names something unknown changes nothing; a customer sees their own orders only.
/// Limit: who the customer is, is taken on trust from a header that a gateway in front must set.
@NullMarked
package dev.orderflow.order.web;

import org.jspecify.annotations.NullMarked;
