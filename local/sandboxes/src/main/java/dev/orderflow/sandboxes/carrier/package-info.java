/// A carrier to ship with on one machine: a separate HTTP server with a ledger of its own, so that
/// a parcel
/// sent twice would be seen from outside.
///
/// Guarantee: one idempotency key is one booking, and every booking ever made is in the ledger.
/// Limit: the
/// ledger lives as long as the server; nothing is shipped.
@NullMarked
package dev.orderflow.sandboxes.carrier;

import org.jspecify.annotations.NullMarked;
