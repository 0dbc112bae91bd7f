/// A carrier for one machine: an HTTP server with its own ledger, so that a second parcel is
/// visible from outside.
///
/// Guarantee: one idempotency key is one booking, and every booking is in the ledger. Limit: the
/// ledger exists as long as the server; nothing is shipped.
@NullMarked
package dev.orderflow.sandboxes.carrier;

import org.jspecify.annotations.NullMarked;
