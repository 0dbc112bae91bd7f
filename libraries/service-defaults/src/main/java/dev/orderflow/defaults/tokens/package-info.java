/// Verifies access tokens (JWT) of an OpenID Connect issuer.
///
/// Guarantee: a token is accepted only if a key of the issuer signed it with an accepted asymmetric
/// algorithm, if it is an access token for one of the accepted audiences, and if it is valid now.
/// Limit: a token is accepted until it expires; the issuer is not asked whether it was revoked.
@NullMarked
package dev.orderflow.defaults.tokens;

import org.jspecify.annotations.NullMarked;
