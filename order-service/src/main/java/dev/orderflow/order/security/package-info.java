/// Authentication, scopes and rate limits of the public API.
///
/// Guarantee: everything except the catalogue and the API description requires an access token that
/// the configured issuer signed for this API, that has not expired and that has the scope of the
/// path. Every invalid token gets the same 401. Limit: a token is accepted until it expires; the
/// issuer is not asked whether it was revoked.
@NullMarked
package dev.orderflow.order.security;

import org.jspecify.annotations.NullMarked;
