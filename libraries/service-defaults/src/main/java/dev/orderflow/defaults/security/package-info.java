/// Keeps every path to callers that hold the internal API key, but those that
/// `orderflow.ports.public-paths` names.
@NullMarked
package dev.orderflow.defaults.security;

import org.jspecify.annotations.NullMarked;
