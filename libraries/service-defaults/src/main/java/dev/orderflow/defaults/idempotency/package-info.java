/// HTTP requests that may be sent again, after the IETF draft
/// [The Idempotency-Key HTTP Header
/// Field](https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).
///
/// Guarantee: within the retention one key of one scope takes effect once, and a repeat gets the
/// first answer byte for byte, also from a release that knows more fields or takes fewer values.
/// Limit: the work and the record share one database transaction; work that calls another system
/// needs a lease, which is not here.
@NullMarked
package dev.orderflow.defaults.idempotency;

import org.jspecify.annotations.NullMarked;
