/// Who calls the public API, by a token of an issuer that is trusted for this.
///
/// Guarantee: nothing but the catalogue and the API's description is answered without a token that
/// the configured issuer signed, for this API, not expired, with the scope that the path needs.
/// Whatever else is missing or wrong gets the same 401. Limit: a token is good until it expires;
/// nobody asks the issuer whether it was withdrawn, so its lifetime is the time that takes.
@NullMarked
package dev.orderflow.order.security;

import org.jspecify.annotations.NullMarked;
