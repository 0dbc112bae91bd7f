/// The external systems that Orderflow calls, for one machine: a payment gateway, a carrier and an
/// issuer of access tokens.
///
/// Guarantee: they share no code with the services, so that a wrong assumption of a service shows.
/// Limit: for development and tests only; their state is lost when they stop.
@NullMarked
package dev.orderflow.sandboxes;

import org.jspecify.annotations.NullMarked;
