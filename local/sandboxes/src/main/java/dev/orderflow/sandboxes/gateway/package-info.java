/// A payment gateway for one machine: an HTTP server with the API of Stripe and its own ledger, so
/// that a second charge is visible from outside.
///
/// Guarantee: what it supports behaves as Stripe documents it: forms in, JSON out, errors with type
/// and code, idempotency keys with stored responses, intents that are confirmed once. What it does
/// not support is rejected by name. Limit: cards only, manual capture only, test cards only; the
/// ledger lives as long as the server; no money moves.
@NullMarked
package dev.orderflow.sandboxes.gateway;

import org.jspecify.annotations.NullMarked;
