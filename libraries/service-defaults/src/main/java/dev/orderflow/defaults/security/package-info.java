/// Requires the internal API key for every path, except those that
/// `orderflow.ports.public-paths` names.
@NullMarked
package dev.orderflow.defaults.security;

import org.jspecify.annotations.NullMarked;
