/// An issuer of tokens for development: whoever asks it becomes the customer or operator they name.
///
/// Guarantee: it runs under the profile `local` and otherwise not at all; its keys are made when it
/// starts and end with it, so that no token of it opens anything elsewhere or later.
@NullMarked
package dev.orderflow.sandboxes.issuer;

import org.jspecify.annotations.NullMarked;
