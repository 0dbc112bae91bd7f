/// A gateway to pay through on one machine: a separate HTTP server that speaks as Stripe does,
/// with a ledger of its own, so that a second charge would be seen from outside.
///
/// Guarantee: what it supports behaves as Stripe documents it: forms in, JSON out, errors with
/// type and code, idempotency keys with stored answers, intents that are confirmed once. What it
/// does not support is refused by name. Limit: cards only, manual capture only, test cards only;
/// the ledger lives as long as the server; no money moves.
@NullMarked
package dev.orderflow.sandboxes.gateway;

import org.jspecify.annotations.NullMarked;
