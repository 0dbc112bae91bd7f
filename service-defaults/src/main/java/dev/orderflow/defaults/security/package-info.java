/// Keeps `/internal` to callers that hold the internal API key.
@NullMarked
package dev.orderflow.defaults.security;

import org.jspecify.annotations.NullMarked;
