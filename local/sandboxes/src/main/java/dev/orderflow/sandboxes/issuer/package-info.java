/// An issuer of access tokens for development: every client gets a token for the customer or
/// operator that it names.
///
/// Guarantee: it starts only under the profile `local`; its keys are generated at start and never
/// stored, so that its tokens are valid nowhere else and not after it stops.
@NullMarked
package dev.orderflow.sandboxes.issuer;

import org.jspecify.annotations.NullMarked;
