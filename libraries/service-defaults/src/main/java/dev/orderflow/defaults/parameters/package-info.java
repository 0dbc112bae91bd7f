/// Parameters and headers of requests.
///
/// Guarantee: of what a handler takes one value of, a request carries one or is refused with 400.
@NullMarked
package dev.orderflow.defaults.parameters;

import org.jspecify.annotations.NullMarked;
